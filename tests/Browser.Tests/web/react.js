// React's packages are CommonJS; what a page imports as 'react' is made of them by esbuild when the tests run.
import * as React from 'react';
import { createRoot } from 'react-dom/client';

export const {
  StrictMode, createContext, createElement, forwardRef, useCallback, useContext, useEffect, useImperativeHandle, useMemo, useRef, useState,
  useSyncExternalStore,
} = React;
export { createRoot };
