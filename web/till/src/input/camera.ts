// The camera as a scanner: the browser's own detector where there is one, a WebAssembly reader fetched only when needed elsewhere.

/** What shops have on goods and receipts. */
const FORMATS = ["ean_13", "ean_8", "upc_a", "upc_e", "code_128", "code_39", "itf", "qr_code"] as const;
const ZXING_FORMATS = ["EAN13", "EAN8", "UPCA", "UPCE", "Code128", "Code39", "ITF", "QRCode"] as const;
/** Pictures looked at in a second: more heats a phone for nothing. */
const PICTURES_PER_SECOND = 8;

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
interface DetectorClass {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

export type Look = (video: HTMLVideoElement) => Promise<string | null>;

export function hasCamera(): boolean {
  return typeof navigator.mediaDevices?.getUserMedia === "function";
}

/** Whoever reads codes out of pictures here. */
export async function reader(): Promise<Look> {
  return (await native()) ?? zxing();
}

async function native(): Promise<Look | null> {
  const Native = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  const supported: string[] | undefined = await Native?.getSupportedFormats().catch(() => []);
  if (!Native || !supported?.includes("ean_13")) return null;
  const detector = new Native({ formats: FORMATS.filter((format) => supported.includes(format)) });
  return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
}

async function zxing(): Promise<Look> {
  const [{ prepareZXingModule, readBarcodes }, { default: wasm }] = await Promise.all([
    import("zxing-wasm/reader"),
    import("zxing-wasm/reader/zxing_reader.wasm?url"),
  ]);
  prepareZXingModule({ overrides: { locateFile: () => wasm } });
  const canvas = document.createElement("canvas");
  return async (video) => {
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (!context || canvas.width === 0) return null;
    context.drawImage(video, 0, 0);
    const picture = context.getImageData(0, 0, canvas.width, canvas.height);
    const [found] = await readBarcodes(picture, { formats: [...ZXING_FORMATS], maxNumberOfSymbols: 1 });
    return found?.text ?? null;
  };
}

/** Shows the camera and looks until something is read or it is told to stop. */
export async function watch(video: HTMLVideoElement, found: (code: string) => void, stop: AbortSignal): Promise<void> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  const end = () => stream.getTracks().forEach((track) => track.stop());
  stop.addEventListener("abort", end, { once: true });
  if (stop.aborted) return end();
  video.srcObject = stream;
  await video.play();
  const look = await reader();
  while (!stop.aborted) {
    const code = await look(video).catch(() => null);
    if (code !== null && !stop.aborted) found(code);
    await new Promise((done) => setTimeout(done, 1000 / PICTURES_PER_SECOND));
  }
}
