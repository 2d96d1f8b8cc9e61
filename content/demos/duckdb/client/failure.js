/** Why there is no answer. `kind`: cancelled, time, memory, disk, query, lost, missing, or load. */
export class QueryFailure extends Error {
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

const OUT_OF_MEMORY = /out of memory|memory access out of bounds|could not allocate|allocation fail|bad_alloc|invalid array (buffer )?length|table index is out of bounds|cannot enlarge memory/i;

/** What the engine in the tab cannot parse it tells as JSON, and everything else in words. */
function inWords(message) {
  if (!message.startsWith('{')) return message;
  try {
    const { exception_type: type, exception_message: words } = JSON.parse(message);
    return words ? `${type} Error: ${words}` : message;
  } catch {
    return message;
  }
}

/** An engine's error as what it means for the person who asked. */
export function failureOf(error) {
  if (error instanceof QueryFailure) return error;
  const message = inWords(String(error?.message ?? error));
  return new QueryFailure(OUT_OF_MEMORY.test(message) ? 'memory' : 'query', message);
}
