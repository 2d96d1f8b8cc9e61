// Session backends in React. Everything a component starts ends with it: on unmount, on a change of props, and in the double mount of
// StrictMode, also when the end comes while something is still being connected.

import { createContext, createElement, useCallback, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { connect } from './connect.js';
import { SessionBackend } from './session.js';

const Context = createContext({ session: null, place: null, error: null });
const NOTHING = Object.freeze({ session: null, place: null, error: null });

/**
 * Holds one session for the components below. Give it what connect answered (`grant`, or by Jamsocket's name `connectResponse`), or the
 * service to connect to.
 */
export function SessionBackendProvider(props) {
  const { service, account, api, backendKey, spawn, queue = false, children } = props;
  const grant = props.grant ?? props.connectResponse;
  const [state, setState] = useState(NOTHING);
  // Objects that say the same are the same order: a parent that renders anew does not start a new process.
  const order = JSON.stringify(grant ? { id: grant.backend_id, token: grant.token } : { service, account, api, key: backendKey, spawn, queue });
  const granted = useRef(grant);
  granted.current = grant;

  useEffect(() => {
    if (!granted.current && !service) return undefined;
    const hold = granted.current ? holdGrant(granted.current, setState) : holdOrder(JSON.parse(order), setState);
    return () => {
      hold();
      setState(NOTHING);
    };
  }, [order]);

  return createElement(Context.Provider, { value: state }, children);
}

function holdGrant(grant, setState) {
  const session = new SessionBackend(grant);
  setState({ ...NOTHING, session });
  return () => session.close();
}

function holdOrder({ service, queue, ...options }, setState) {
  const waiting = new AbortController();
  let over = false;
  let queued = false;
  let session = null;
  const onQueue = (place) => {
    queued = true;
    if (over) waiting.abort();
    else setState({ ...NOTHING, place });
  };
  // StrictMode mounts, unmounts and mounts again before this runs: nothing is asked for twice.
  queueMicrotask(() => {
    if (over) return;
    connect(service, { ...options, signal: waiting.signal, onQueue: queue ? onQueue : undefined }).then(
      (made) => {
        session = made;
        if (!over) return setState({ ...NOTHING, session });
        // Nobody waits for it any more. Without a key nobody else can know it: it need not live out its grace.
        if (made.spawned && !options.key) made.terminate().catch(() => {});
        made.close();
      },
      (error) => over || setState({ ...NOTHING, error }));
  });
  return () => {
    over = true;
    session?.close();
    // A call that waits in the queue is given up; one that is being answered is better heard out, see above.
    if (queued) waiting.abort();
  };
}

/** Null until there is one. */
export const useSessionBackend = () => useContext(Context).session;

/** The place in the queue while one waits; null otherwise. */
export const useQueue = () => useContext(Context).place;

/** Why there is no session; null otherwise. */
export const useConnectError = () => useContext(Context).error;

const never = () => () => {};

export function useStatus() {
  const session = useSessionBackend();
  const subscribe = useCallback((changed) => (session ? session.onStatus(changed) : never()()), [session]);
  return useSyncExternalStore(subscribe, () => session?.lastStatus ?? null, () => null);
}

export function useReady() {
  useStatus();
  return useSessionBackend()?.isReady ?? false;
}

/** The last status once it has ended, or where the hub does not know it any more `{ status: 'terminated' }` alone; null before. */
export function useTerminated() {
  const session = useSessionBackend();
  const [ended, setEnded] = useState(null);
  useEffect(() => {
    const off = session?.onTerminated((status) => setEnded(status ?? { status: 'terminated' }));
    return () => {
      off?.();
      setEnded(null);
    };
  }, [session]);
  return ended;
}

/** What is about to end it; null when nothing is. */
export function useEnding() {
  const session = useSessionBackend();
  const [ending, setEnding] = useState(null);
  useEffect(() => {
    if (!session) return undefined;
    const offs = [session.onEnding(setEnding), session.onStaying(() => setEnding(null)), session.onTerminated(() => setEnding(null))];
    return () => {
      for (const off of offs) off();
      setEnding(null);
    };
  }, [session]);
  return ending;
}

const UNCONNECTED = Object.freeze({ socket: null, state: 'connecting', gone: null });

/** A socket for as long as the component lives. `send` is the same function at every render. */
export function useSocket(path = '/', options) {
  const session = useSessionBackend();
  const [state, setState] = useState(UNCONNECTED);
  const current = useRef(null);
  const wanted = JSON.stringify(options ?? {});
  useEffect(() => {
    if (!session || session.isClosed) return undefined;
    const socket = session.socket(path, JSON.parse(wanted));
    current.current = socket;
    const enter = (state, gone = null) => setState({ socket, state, gone });
    socket.addEventListener('open', () => enter('open'));
    socket.addEventListener('lost', () => enter('lost'));
    socket.addEventListener('gone', ({ detail }) => enter('gone', detail));
    enter('connecting');
    return () => {
      socket.close();
      current.current = null;
      setState(UNCONNECTED);
    };
  }, [session, path, wanted]);
  const send = useCallback((data) => current.current?.send(data) ?? false, []);
  return useMemo(() => ({ ...state, send }), [state, send]);
}

/** Calls back with each message of a socket; always with the newest callback. */
export function useMessage(socket, callback) {
  const newest = useRef(callback);
  useEffect(() => {
    newest.current = callback;
  });
  useEffect(() => {
    if (!socket) return undefined;
    const hear = (event) => newest.current(event.data, event);
    socket.addEventListener('message', hear);
    return () => socket.removeEventListener('message', hear);
  }, [socket]);
}
