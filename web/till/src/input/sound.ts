// A short tone: high for what was taken, low for what was not. Without sound a screen that is not looked at says nothing.

let context: AudioContext | null = null;

/** Opens the loudspeaker when nothing else is to do: that takes longer than a scan and its line together. */
export function readySound(wanted: boolean): void {
  const whenIdle = globalThis.requestIdleCallback ?? setTimeout;
  if (wanted && context === null) whenIdle(() => speaker());
}

/** After the line is on the screen. */
export function beep(wanted: boolean, good: boolean): void {
  if (wanted) requestAnimationFrame(() => setTimeout(() => sound(good)));
}

/** Nothing where there is none: no sound is no reason to stop. */
function speaker(): AudioContext | null {
  try {
    return (context ??= new AudioContext());
  } catch {
    return null;
  }
}

function sound(good: boolean): void {
  const speaking = speaker();
  if (speaking === null) return;
  // One that was opened before anybody touched the page is silent until it is told again.
  if (speaking.state === "suspended") speaking.resume().catch(() => undefined);
  const [oscillator, gain] = [speaking.createOscillator(), speaking.createGain()];
  oscillator.frequency.value = good ? 1320 : 220;
  gain.gain.setValueAtTime(0.04, speaking.currentTime);
  gain.gain.exponentialRampToValueAtTime(0.0001, speaking.currentTime + (good ? 0.08 : 0.3));
  oscillator.connect(gain).connect(speaking.destination);
  oscillator.start();
  oscillator.stop(speaking.currentTime + 0.35);
}
