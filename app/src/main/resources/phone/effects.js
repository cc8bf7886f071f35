import { el } from './dom.js';

/** The light show of an effect: a bubble moves, or a few emoji cross the screen. Nothing moves for who asked for calm. */

const PARTICLES = {
  balloons: ['🎈'],
  confetti: ['🎊', '🟡', '🔵', '🔴', '🟢'],
  love: ['❤️'],
  lasers: ['⚡️'],
  fireworks: ['🎆', '✨'],
  shooting_star: ['🌠'],
  celebration: ['🎉', '✨', '🥳'],
  echo: ['💬'],
  spotlight: ['✨'],
};
const FALLING = ['confetti', 'celebration'];
const AMOUNT = 18;

export function play(effect, stage, row) {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  row.classList.remove(`play-${effect}`);
  void row.offsetWidth; // an animation begins again only after a layout without it
  row.classList.add(`play-${effect}`);
  const glyphs = PARTICLES[effect];
  if (!glyphs) return;
  for (let index = 0; index < AMOUNT; index++) {
    const particle = el('span', { className: FALLING.includes(effect) ? 'particle falls' : 'particle' }, glyphs[index % glyphs.length]);
    particle.style.left = `${Math.random() * 94}%`;
    particle.style.animationDelay = `${Math.random() * 900}ms`;
    particle.style.fontSize = `${20 + Math.random() * 22}px`;
    particle.addEventListener('animationend', () => particle.remove(), { once: true });
    stage.append(particle);
  }
}
