export { connect, resume } from './connect.js';
export type { ConnectOptions, Grant, QueuePlace } from './connect.js';
export { SessionBackend } from './session.js';
export type { BackendState, BackendStatus, Ending, ListenOptions, Off } from './session.js';
export { SessionSocket } from './socket.js';
export type { Gone, Lost, SocketEvents, SocketOptions } from './socket.js';
export { PlaygroundError } from './errors.js';
