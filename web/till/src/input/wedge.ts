// A scanner that types: known by how fast it does, wherever the focus is. What it typed into a field is taken out again.

/** A person needs longer between two keys; scanners stay below, also cheap ones over Bluetooth. */
const FASTEST_PERSON_MS = 50;
/** Shorter codes are not told from fast typing. */
const SHORTEST = 4;
/** Without a suffix a code ends when nothing follows for this long. */
const SILENCE_MS = 120;
/** Without a suffix only what is long enough to be no word. */
const SHORTEST_WITHOUT_SUFFIX = 8;
/** A code that is longer is a wedge run wild. */
const LONGEST = 200;
/** Symbology identifiers (AIM) that some scanners put before the code. */
const IDENTIFIER = /^\][A-Za-z][0-9A-Za-z]/;

type Field = HTMLInputElement | HTMLTextAreaElement;

interface Burst {
  code: string;
  last: number;
  /** What the field had before the first key. */
  field: Field | null;
  before: string;
}

export interface Clock {
  now(): number;
  after(milliseconds: number, then: () => void): () => void;
}

const CLOCK: Clock = {
  now: () => performance.now(),
  after: (milliseconds, then) => {
    const timer = setTimeout(then, milliseconds);
    return () => clearTimeout(timer);
  },
};

export class Wedge {
  private burst: Burst | null = null;
  private cancelSilence = () => {};

  /** `scanned` says whether the code was its own: else it stays where it was typed. */
  constructor(private readonly scanned: (code: string) => boolean, private readonly clock: Clock = CLOCK) {}

  /** Hears every key of the page before anybody else. Hands back how to stop. */
  listen(target: Window): () => void {
    const hear = (event: KeyboardEvent) => this.key(event);
    target.addEventListener("keydown", hear, { capture: true });
    return () => target.removeEventListener("keydown", hear, { capture: true });
  }

  key(event: KeyboardEvent): void {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return this.forget();
    // When the key was pressed, not when a busy page came to it.
    const now = event.timeStamp || this.clock.now();
    const fast = this.burst !== null && now - this.burst.last <= FASTEST_PERSON_MS;
    if (event.key === "Enter" || event.key === "Tab") {
      if (fast && this.burst !== null && this.burst.code.length >= SHORTEST) {
        event.preventDefault();
        event.stopImmediatePropagation();
        this.finish();
      } else {
        this.forget();
      }
      return;
    }
    if (event.key.length !== 1) {
      // Shift comes with capitals; everything else ends a code.
      if (event.key !== "Shift") this.forget();
      return;
    }
    this.take(event, now, fast);
  }

  private take(event: KeyboardEvent, now: number, fast: boolean): void {
    if (!fast || this.burst === null) {
      const field = fieldOf(event);
      this.burst = { code: "", last: now, field, before: field?.value ?? "" };
    }
    this.burst.code += event.key;
    this.burst.last = now;
    if (this.burst.code.length > LONGEST) return this.forget();
    this.cancelSilence();
    this.cancelSilence = this.clock.after(SILENCE_MS, () => {
      if (this.burst !== null && this.burst.code.length >= SHORTEST_WITHOUT_SUFFIX) this.finish();
      else this.forget();
    });
  }

  private finish(): void {
    const burst = this.burst;
    this.forget();
    if (burst === null) return;
    const typed = burst.field?.value;
    if (!this.scanned(burst.code.replace(IDENTIFIER, "").trim())) return;
    if (burst.field && typed !== burst.before && burst.field.value === typed) {
      burst.field.value = burst.before;
      burst.field.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    }
  }

  private forget(): void {
    this.cancelSilence();
    this.burst = null;
  }
}

function fieldOf(event: Event): Field | null {
  const [inner] = event.composedPath();
  if (inner instanceof HTMLTextAreaElement) return inner;
  return inner instanceof HTMLInputElement ? inner : null;
}
