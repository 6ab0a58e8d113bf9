// The worst contrast of any text on the page with what is behind it, as WCAG counts it.
() => {
  const channel = (one) => {
    const value = one / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const light = (colour) => {
    const [red, green, blue] = colour.match(/[0-9.]+/g).map(Number).map(channel);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!/, 0\)$|transparent/.test(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  let worst = 21;
  for (const one of document.querySelectorAll("main *, header *")) {
    const hasText = [...one.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    if (!hasText) continue;
    const [brighter, darker] = [light(getComputedStyle(one).color), light(behind(one))].sort((a, b) => b - a);
    worst = Math.min(worst, (brighter + 0.05) / (darker + 0.05));
  }
  return worst;
}
