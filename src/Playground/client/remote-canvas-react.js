// <RemoteCanvas> for React: the element, with its properties set and its events heard. The session comes from the provider of react.js, or as a prop.

import { createElement, forwardRef, useEffect, useImperativeHandle, useRef } from 'react';
import { useSessionBackend } from './react.js';
import './remote-canvas.js';

/** @see remote-canvas-react.d.ts */
export const RemoteCanvas = forwardRef(function RemoteCanvas(
  { session, socket, state, quality = 'auto', paused = false, label, path, input, codecs, maxRatio, onStats, onFrame, ...rest }, ref) {
  const provided = useSessionBackend();
  const element = useRef(null);
  const heard = useRef({});
  useImperativeHandle(ref, () => element.current, []);
  useEffect(() => {
    heard.current = { onStats, onFrame };
  });
  // A property, not an attribute: React sets what the element has a property for, with what would be the attribute's value. Before it connects.
  useEffect(() => {
    element.current.paused = paused;
  }, [paused]);
  const source = session ?? (socket ? null : provided);
  useEffect(() => {
    const canvas = element.current;
    if (socket) canvas.socket = socket;
    else canvas.session = source?.isClosed ? null : source;
    return () => {
      if (socket) canvas.socket = null;
      else canvas.session = null;
    };
  }, [source, socket]);
  useEffect(() => {
    if (state) element.current.state = state;
  }, [state]);
  useEffect(() => {
    const canvas = element.current;
    const [stats, frame] = [({ detail }) => heard.current.onStats?.(detail), ({ detail }) => heard.current.onFrame?.(detail)];
    canvas.addEventListener('stats', stats);
    canvas.addEventListener('frame', frame);
    return () => {
      canvas.removeEventListener('stats', stats);
      canvas.removeEventListener('frame', frame);
    };
  }, []);
  return createElement('remote-canvas', {
    ...rest, ref: element, label, path, input, quality, codecs, 'max-ratio': maxRatio,
  });
});
