// What was typed is kept in the address: it is there after a reload, and can be sent to somebody. Nothing is stored.

/** Longer than this is no address any more. */
const MOST = 8000;

export function sqlInAddress() {
  const match = /^#sql=(.*)$/s.exec(location.hash);
  if (!match) return null;
  try {
    return decodeURIComponent(match[1]);
  } catch {
    return null;
  }
}

let waiting = 0;

export function keepInAddress(sql) {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const hash = sql.length > 0 && sql.length <= MOST ? `#sql=${encodeURIComponent(sql)}` : '';
    history.replaceState(history.state, '', `${location.pathname}${location.search}${hash}`);
  }, 300);
}
