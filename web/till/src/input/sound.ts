// A short tone: high for what was taken, low for what was not. Without sound a screen that is not looked at says nothing.

let context: AudioContext | null = null;

/** After the line is on the screen: the first tone of a device takes longer than everything else together. */
export function beep(wanted: boolean, good: boolean): void {
  if (wanted && typeof AudioContext !== "undefined") requestAnimationFrame(() => setTimeout(() => sound(good)));
}

function sound(good: boolean): void {
  try {
    context ??= new AudioContext();
    const [oscillator, gain] = [context.createOscillator(), context.createGain()];
    oscillator.frequency.value = good ? 1320 : 220;
    gain.gain.setValueAtTime(0.04, context.currentTime);
    gain.gain.exponentialRampToValueAtTime(0.0001, context.currentTime + (good ? 0.08 : 0.3));
    oscillator.connect(gain).connect(context.destination);
    oscillator.start();
    oscillator.stop(context.currentTime + 0.35);
  } catch {
    // No sound is no reason to stop.
  }
}
