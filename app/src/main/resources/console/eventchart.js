import { html } from '../web/html.js';
import { plural } from '../web/format.js';

/** How many events there were in each minute of the last hour: 60 bars, the oldest at the left. */

const HEIGHT = 96;
const STEP = 10;

export function EventChart({ counts }) {
  const known = counts.filter((count) => count !== null);
  const all = known.reduce((sum, count) => sum + count, 0);
  const most = Math.max(1, ...known);
  const words = `${plural(all, 'event')} in the last hour${known.length < counts.length ? ', as far as they are counted' : ''}`;
  const minutes = (index) => (index === counts.length - 1 ? 'this minute' : `${counts.length - 1 - index} min ago`);
  return html`
    <figure class="chart" data-testid="chart">
      <figcaption><span>${words}</span><span class="muted">${all > 0 && `at most ${most.toLocaleString()} in a minute`}</span></figcaption>
      <svg viewBox=${`0 0 ${counts.length * STEP} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label=${`${words}, at most ${most} in a minute`}>
        ${counts.map((count, index) => {
          const height = count ? Math.max(3, (count / most) * (HEIGHT - 2)) : 1.5;
          return html`<rect key=${index} class=${count ? 'bar' : 'bar none'} x=${index * STEP + 1} width=${STEP - 2} y=${HEIGHT - height} height=${height}>
            <title>${count === null ? `${minutes(index)}: too many since to count` : `${minutes(index)}: ${plural(count, 'event')}`}</title></rect>`;
        })}
      </svg>
      <p class="chart-axis hint" aria-hidden="true"><span>an hour ago</span><span>30 min</span><span>now</span></p>
    </figure>`;
}
