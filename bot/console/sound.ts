/** The chime: two soft tones made here, so that no file is fetched. Off until somebody clicks. */

let audio: AudioContext | null = null;

/** Browsers allow sound only after a click: call this from one. */
export function allowSound(): void {
  audio ??= new AudioContext();
  void audio.resume();
}

/** Two rising tones; three for an emergency. Silent when sound was never allowed. */
export function chime(isUrgent: boolean): void {
  if (!audio) return;
  const tones = isUrgent ? [660, 880, 1100] : [520, 780];
  tones.forEach((pitch, i) => {
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
