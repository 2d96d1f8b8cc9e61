/** Queries to begin with. `trouble`: meant to go wrong, and what then happens. */
export const SAMPLES = [
  {
    id: 'tide', title: 'The tide of a working week', sql: `-- When does the city ride?
-- 1 is Monday.
SELECT isodow(started) AS weekday,
       hour(started) AS hour,
       count(*) AS trips
FROM trips
GROUP BY ALL
ORDER BY ALL`,
  },
  {
    id: 'map', title: 'Where trips begin', sql: `-- A map. Counted first, named after:
-- so 731 rows are joined, not all.
SELECT name, district, lon, lat, trips
FROM (SELECT start_station AS station,
             count(*) AS trips
      FROM trips GROUP BY ALL)
JOIN stations USING (station)
ORDER BY trips DESC, name`,
  },
  {
    id: 'year', title: 'A year, day by day', sql: `SELECT started::DATE AS day, rider,
       count(*) AS trips
FROM trips
GROUP BY ALL
ORDER BY ALL`,
  },
  {
    id: 'rain', title: 'What rain does to whom', sql: `-- Trips a day, relative to a dry day
-- of the same riders.
WITH days AS (
  SELECT started::DATE AS day, rider,
         count(*) AS trips
  FROM trips GROUP BY ALL
), kinds AS (
  SELECT CASE
      WHEN rain_mm = 0 THEN '1 dry'
      WHEN rain_mm < 2 THEN '2 drizzle'
      WHEN rain_mm < 8 THEN '3 rain'
      ELSE '4 downpour' END AS weather,
    avg(trips) FILTER
      (rider = 'member') AS member,
    avg(trips) FILTER
      (rider = 'casual') AS casual
  FROM days JOIN weather USING (day)
  GROUP BY ALL
)
SELECT weather,
  member / max(member) OVER () AS member,
  casual / max(casual) OVER () AS casual
FROM kinds
ORDER BY weather`,
  },
  {
    id: 'electric', title: 'How the fleet goes electric', sql: `SELECT date_trunc('week', started)::DATE
         AS week,
       avg((bike = 'electric')::INT) * 100
         AS percent_electric
FROM trips
GROUP BY ALL
ORDER BY week`,
  },
  {
    id: 'speed', title: 'The farther, the faster', sql: `SELECT bike,
  metres // 500 * 0.5 AS kilometres,
  median(metres / seconds * 3.6) AS kmh
FROM trips
WHERE metres BETWEEN 500 AND 10000
  AND start_station <> end_station
GROUP BY ALL
HAVING count(*) > 50
ORDER BY ALL`,
  },
  {
    id: 'ways', title: 'The busiest ways', sql: `SELECT a.name || ' → ' || b.name AS way,
       trips
FROM (SELECT start_station, end_station,
             count(*) AS trips
      FROM trips GROUP BY ALL)
JOIN stations a
  ON a.station = start_station
JOIN stations b
  ON b.station = end_station
ORDER BY trips DESC, way
LIMIT 20`,
  },
  {
    id: 'quantiles', title: 'How long people ride', sql: `-- Quantiles look at every single trip.
SELECT district,
  quantile_cont(seconds, 0.5) / 60
    AS half_are_shorter,
  quantile_cont(seconds, 0.9) / 60
    AS nine_in_ten_are_shorter
FROM trips
JOIN stations ON station = start_station
GROUP BY ALL
ORDER BY half_are_shorter DESC`,
  },
  {
    id: 'memory', title: 'Too much for a tab', trouble: true, sql: `-- How long until the next trip begins
-- there? All trips are sorted for it.
-- With 20 M a tab runs out of memory;
-- the backend puts the rest on disk.
SELECT hour(started) AS hour, rider,
       avg(wait) / 60 AS minutes
FROM (
  SELECT started, rider,
    metres, seconds, end_station,
    epoch(lead(started) OVER (
      PARTITION BY start_station, bike
      ORDER BY started, metres, seconds,
        end_station) - started) AS wait
  FROM trips
)
WHERE metres + seconds + end_station > 0
GROUP BY ALL
ORDER BY ALL`,
  },
  {
    id: 'runaway', title: 'A query that never ends', trouble: true, sql: `-- Every trip with every other: at least
-- a million million pairs. Cancel it,
-- or see what limit it meets.
SELECT count(*) AS pairs
FROM trips a JOIN trips b
  ON a.metres + b.metres
    < a.seconds::INT * b.seconds % 977`,
  },
];

/** What the editor completes. */
export const SCHEMA = {
  trips: ['started', 'seconds', 'metres', 'start_station', 'end_station', 'bike', 'rider'],
  stations: ['station', 'name', 'district', 'lon', 'lat', 'docks'],
  weather: ['day', 'celsius', 'rain_mm'],
};
