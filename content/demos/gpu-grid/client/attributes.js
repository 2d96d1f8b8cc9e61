// Written only where they are others: an attribute that is written wakes whoever watches the tree, also when it says the same as before.

export function put(element, style) {
  for (const [name, value] of Object.entries(style)) if (element.style[name] !== value) element.style[name] = value;
}

export function say(element, name, value) {
  if (element.getAttribute(name) !== `${value}`) element.setAttribute(name, value);
}
