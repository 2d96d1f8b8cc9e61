// The browser's side of session backends: ask for a backend, watch it start, talk to it, end it.
// Plain ES modules without a build step and without dependencies; types are in the .d.ts files beside them.

export { connect, resume } from './connect.js';
export { SessionBackend } from './session.js';
export { SessionSocket } from './socket.js';
export { PlaygroundError } from './errors.js';
