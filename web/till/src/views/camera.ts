// The camera as a scanner, on the screen.

import { type TemplateResult, html, nothing } from "lit";
import { watch } from "../input/camera.ts";
import { View, own } from "./view.ts";

/** The same code is not taken twice while it is held before the camera. */
const SAME_CODE_MS = 1500;

class Camera extends View {
  static override properties = own("trouble");
  declare trouble: string | null;
  private stop = new AbortController();
  private last = { code: "", at: 0 };

  constructor() {
    super();
    this.trouble = null;
  }

  override render(): TemplateResult {
    return html`<div class="camera"><video playsinline muted aria-label=${this.t.camera}></video></div>
      ${this.trouble === null ? html`<p class="quiet">${this.t.cameraHint}</p>` : html`<p class="problem" role="alert">${this.trouble}</p>`}${nothing}`;
  }

  override async firstUpdated(): Promise<void> {
    const video = this.field<HTMLVideoElement>("video");
    if (!video) return;
    try {
      await watch(video, (code) => this.found(code), this.stop.signal);
    } catch (error) {
      const denied = error instanceof DOMException && error.name === "NotAllowedError";
      this.trouble = denied ? this.t.cameraDenied : this.t.cameraMissing;
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop.abort();
  }

  private found(code: string): void {
    const now = performance.now();
    if (code === this.last.code && now - this.last.at < SAME_CODE_MS) return;
    this.last = { code, at: now };
    this.desk.scan(code);
  }
}

customElements.define("till-camera", Camera);
