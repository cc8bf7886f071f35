/* global SwaggerUIBundle */

// The viewer has its dark colours by a class; the page goes by what its reader set.
const dark = matchMedia('(prefers-color-scheme: dark)');
const paint = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', paint);
paint();

const root = new URL('../', location.href);
const answer = await fetch(new URL('openapi.json', root));
const spec = await answer.json();
// What is tried out goes to where this page came from, under whatever name.
spec.servers = [{ url: root.href.replace(/\/$/, '') }];

SwaggerUIBundle({
  spec,
  dom_id: '#reference',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  persistAuthorization: false,
  requestSnippetsEnabled: true,
  validatorUrl: null, // it would ask a server elsewhere
});
