// QR codes in pictures and before the camera, read by zxing-cpp in WebAssembly.

import { PREFIX } from "./compact.js";

const VENDOR = new URL("vendor/zxing-wasm/reader/", import.meta.url);
const OPTIONS = { formats: ["QRCode"], tryHarder: true, tryInvert: true, maxNumberOfSymbols: 4 };
const SIDES = [1_600, 2_600, 1_000, 4_096]; // pixels; the likeliest size of a phone's picture first
const PAUSE_MS = 120;

let loading = null;

/** Load the reader; the service worker has its files. */
export function reader() {
  loading ??= import(new URL("index.js", VENDOR)).then(async (zxing) => {
    const locateFile = (name) => new URL(name, VENDOR).href;
    await zxing.prepareZXingModule({ overrides: { locateFile }, fireImmediately: true });
    return zxing;
  });
  return loading;
}

/** Return the text of the code in a picture, ours before any other; null if there is none. */
export async function codeInPicture(blob) {
  const bitmap = await createImageBitmap(blob);
  const longest = Math.max(bitmap.width, bitmap.height);
  const sides = new Set(SIDES.map((side) => Math.min(side, longest)));
  let other = null;
  for (const side of sides) {
    const found = await codeIn(pixelsOf(bitmap, side / longest));
    if (found?.startsWith(PREFIX)) return found;
    other ??= found;
  }
  return other;
}

async function codeIn(pixels) {
  const zxing = await reader();
  const codes = await zxing.readBarcodes(pixels, OPTIONS);
  const texts = codes.filter((each) => each.isValid).map((each) => each.text);
  return texts.find((each) => each.startsWith(PREFIX)) ?? texts[0] ?? null;
}

function pixelsOf(source, scale) {
  const width = Math.round((source.videoWidth ?? source.width) * scale);
  const height = Math.round((source.videoHeight ?? source.height) * scale);
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = "#fff"; // a picture may be transparent
  context.fillRect(0, 0, width, height);
  context.drawImage(source, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

/** The camera: shown in a video element until a code is found or it is stopped. */
export class Camera {
  constructor(video) {
    this.video = video;
    this.stream = null;
  }

  /** Start; rejects with the browser's own error if there is no camera or no permission. */
  async start() {
    if (!navigator.mediaDevices) throw new DOMException("no secure context", "NotFoundError");
    const video = { facingMode: "environment", width: { ideal: 1_920 }, height: { ideal: 1_080 } };
    this.stream = await navigator.mediaDevices.getUserMedia({ video });
    this.video.srcObject = this.stream;
    await this.video.play();
  }

  /** Return the first code before the camera, or null once it is stopped. */
  async code() {
    while (this.stream) {
      const found = this.video.videoWidth ? await codeIn(pixelsOf(this.video, 1)) : null;
      if (found && this.stream) return found;
      await new Promise((resume) => setTimeout(resume, PAUSE_MS));
    }
    return null;
  }

  stop() {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.video.srcObject = null;
  }

  get hasTorch() {
    const track = this.stream?.getVideoTracks()[0];
    return Boolean(track?.getCapabilities?.().torch);
  }

  async light(on) {
    await this.stream?.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: on }] });
  }
}
