// The DICOM viewer: scroll through frames (wheel, arrow keys, slider), window and level by dragging, inverted, fitted.
// The server sends plain numbers (secunda/web/pictures.py); cornerstone draws them.
"use strict";
(() => {
  const box = document.querySelector("[data-frames]");
  if (!box || !window.cornerstone) return;
  const view = box.querySelector(".picture-view");
  const slider = box.querySelector("input[type=range]");
  const told = box.querySelector("[data-told]");
  const frames = JSON.parse(box.dataset.frames);
  const READERS = { u8: Uint8Array, i8: Int8Array, u16: Uint16Array, i16: Int16Array, rgba: Uint8Array };
  const c = window.cornerstone;
  let place = 0;

  async function load(imageId) {
    const answer = await fetch(imageId.replace(/^secunda:/, ""), { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const said = JSON.parse(answer.headers.get("X-Picture"));
    const values = new READERS[said.kind](await answer.arrayBuffer());
    const colour = said.kind === "rgba";
    let low = Infinity, high = -Infinity;
    for (let at = 0; at < values.length; at += 1) {
      if (values[at] < low) low = values[at];
      if (values[at] > high) high = values[at];
    }
    const least = low * said.slope + said.intercept, most = high * said.slope + said.intercept;
    return {
      imageId, color: colour, rgba: colour, invert: said.inverted,
      minPixelValue: colour ? 0 : low, maxPixelValue: colour ? 255 : high,
      slope: colour ? 1 : said.slope, intercept: colour ? 0 : said.intercept,
      windowCenter: colour ? 127.5 : said.level ?? (least + most) / 2,
      windowWidth: colour ? 255 : said.window ?? Math.max(most - least, 1),
      render: colour ? c.renderColorImage : c.renderGrayscaleImage,
      getPixelData: () => values,
      rows: said.rows, columns: said.columns, height: said.rows, width: said.columns,
      columnPixelSpacing: said.spacing[0] || 1, rowPixelSpacing: said.spacing[1] || 1, sizeInBytes: values.byteLength,
    };
  }
  c.registerImageLoader("secunda", (imageId) => ({ promise: load(imageId) }));
  c.enable(view);

  function tell() {
    const port = c.getViewport(view);
    const parts = [`${place + 1} / ${frames.length}`];
    if (port) parts.push(`W ${Math.round(port.voi.windowWidth)}  L ${Math.round(port.voi.windowCenter)}`);
    told.textContent = parts.join(" · ");
  }
  async function show(number) {
    place = Math.min(Math.max(number, 0), frames.length - 1);
    const asked = place;
    slider.value = String(place);
    try {
      const image = await c.loadAndCacheImage(`secunda:${frames[asked]}`);
      if (asked !== place) return;
      const before = c.getViewport(view);
      c.displayImage(view, image);
      if (before && !image.color) {
        const port = c.getViewport(view);
        port.voi = before.voi; port.scale = before.scale; port.translation = before.translation; port.invert = before.invert;
        c.setViewport(view, port);
      }
      box.classList.add("is-shown");
      tell();
    } catch {
      box.classList.add("is-missing");
    }
  }
  function change(with_) {
    const port = c.getViewport(view);
    if (!port) return;
    with_(port);
    c.setViewport(view, port);
    tell();
  }
  slider.max = String(frames.length - 1);
  slider.hidden = frames.length < 2;
  slider.addEventListener("input", () => show(Number(slider.value)));
  view.addEventListener("wheel", (event) => {
    event.preventDefault();
    if (event.ctrlKey) change((port) => { port.scale *= event.deltaY < 0 ? 1.1 : 1 / 1.1; });
    else show(place + Math.sign(event.deltaY));
  }, { passive: false });
  view.addEventListener("pointerdown", (event) => view.setPointerCapture(event.pointerId));
  view.addEventListener("pointermove", (event) => {
    if (!event.buttons) return;
    change((port) => {
      if (event.shiftKey || event.buttons === 4) {
        port.translation.x += event.movementX / port.scale;
        port.translation.y += event.movementY / port.scale;
        return;
      }
      const step = Math.max(port.voi.windowWidth / 300, 0.1);
      port.voi.windowWidth = Math.max(1, port.voi.windowWidth + event.movementX * step);
      port.voi.windowCenter += event.movementY * step;
    });
  });
  const KEYS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, PageDown: 10, PageUp: -10 };
  view.addEventListener("keydown", (event) => {
    if (event.key in KEYS) { event.preventDefault(); show(place + KEYS[event.key]); }
    if (event.key === "+" || event.key === "-") change((port) => { port.scale *= event.key === "+" ? 1.15 : 1 / 1.15; });
    if (event.key === "w" || event.key === "W") change((port) => { port.voi.windowWidth *= event.key === "W" ? 1.1 : 1 / 1.1; });
    if (event.key === "l" || event.key === "L") change((port) => { port.voi.windowCenter += (event.key === "L" ? 0.05 : -0.05) * port.voi.windowWidth; });
  });
  box.querySelector("[data-invert]").addEventListener("click", () => change((port) => { port.invert = !port.invert; }));
  box.querySelector("[data-reset]").addEventListener("click", () => { c.reset(view); c.fitToWindow(view); tell(); });
  window.addEventListener("resize", () => c.resize(view, true));
  show(0);
})();
