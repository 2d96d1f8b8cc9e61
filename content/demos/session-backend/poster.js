// Until the terrain is full: twenty-four rows of fifty-six round trips, forty in a second.
await new Promise((full) => setTimeout(full, 36000));
