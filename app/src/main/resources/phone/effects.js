/** The light show of an effect: a bubble moves, or a few emoji cross the screen. Nothing moves for who asked for calm. */

const MOVES = {
  slam: [600, [{ transform: 'scale(3.2)', opacity: 0 }, { transform: 'scale(.92)', opacity: 1, offset: 0.55 }, { transform: 'scale(1.05)', offset: 0.75 }, {}]],
  loud: [1100, [{}, ...[1.25, 1.28, 1.25, 1.28].map((scale, turn) => ({ transform: `scale(${scale}) rotate(${turn % 2 ? 1.5 : -1.5}deg)` })), {}]],
  gentle: [1800, [{ transform: 'scale(.6)' }, {}]],
};
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

export function play(effect, stage, bubble) {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const [duration, frames] = MOVES[effect] ?? [];
  if (frames) bubble.animate(frames, { duration, easing: 'ease-in-out' });
  const glyphs = PARTICLES[effect] ?? [];
  for (let index = 0; index < AMOUNT && glyphs.length > 0; index++) {
    const particle = document.createElement('span');
    particle.className = FALLING.includes(effect) ? 'particle falls' : 'particle';
    particle.textContent = glyphs[index % glyphs.length];
    particle.style.left = `${Math.random() * 94}%`;
    particle.style.animationDelay = `${Math.random() * 900}ms`;
    particle.style.fontSize = `${20 + Math.random() * 22}px`;
    particle.addEventListener('animationend', () => particle.remove(), { once: true });
    stage.append(particle);
  }
}
