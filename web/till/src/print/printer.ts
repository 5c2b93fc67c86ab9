// A receipt printer on a serial port: the bytes are the core's, nothing is made here.

/** What most receipt printers are set to when they leave the factory. */
const BAUD = 9600;

interface Port {
  open(options: { baudRate: number }): Promise<void>;
  close(): Promise<void>;
  readonly writable: WritableStream<Uint8Array> | null;
}
interface Serial {
  getPorts(): Promise<Port[]>;
  requestPort(): Promise<Port>;
}

const serial = (): Serial | undefined => (navigator as { serial?: Serial }).serial;

export function hasSerial(): boolean {
  return serial() !== undefined;
}

/** Sends to the port chosen before, or asks for one. */
export async function toPrinter(bytes: Uint8Array): Promise<"printed" | "nobody" | "failed"> {
  let port: Port | undefined;
  try {
    port = (await serial()?.getPorts())?.[0] ?? await serial()?.requestPort();
  } catch {
    return "nobody";
  }
  if (!port) return "nobody";
  try {
    await port.open({ baudRate: BAUD });
    const writer = port.writable?.getWriter();
    if (!writer) return "failed";
    await writer.write(bytes);
    writer.releaseLock();
    return "printed";
  } catch {
    return "failed";
  } finally {
    await port.close().catch(() => {});
  }
}
