/** The chime: soft tones made here, so that no file is fetched. Off until somebody clicks. */

import type { Tone } from "./alarm.ts";

const PITCHES: Readonly<Record<Tone, readonly number[]>> = {
  message: [520],
  case: [520, 780],
  emergency: [660, 880, 1100],
};

let audio: AudioContext | null = null;

/** Browsers allow sound only after a click or a key: call this from one. */
export function allowSound(): void {
  audio ??= new AudioContext();
  void audio.resume();
}

/** Has this window been allowed to sound since it was opened? */
export function mayItSound(): boolean {
  return audio !== null;
}

/** One tone for words, two rising ones for a case, three for an emergency. Silent when sound was never allowed. */
export function chime(tone: Tone): void {
  if (!audio) return;
  // A computer that slept has stopped it.
  if (audio.state !== "running") void audio.resume();
  PITCHES[tone].forEach((pitch, i) => {
    if (!audio) return;
    const start = audio.currentTime + i * 0.22;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(0.18, start + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.35);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.4);
  });
}
