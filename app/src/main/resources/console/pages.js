import { Lines } from './lines.js';
import { Webhook } from './webhook.js';
import { Webhooks } from './webhooks.js';

/**
 * Every page: its path, what the way around calls it (none: it is reached from another page), the key that leads
 * there, and who may see it.
 */

const anybody = () => true;
const admin = (session) => session.admin;
const operator = (session) => session.operator;

export const PAGES = [
  { path: '/webhooks', title: 'Webhooks', icon: 'webhooks', key: 'w', allowed: anybody, view: Webhooks },
  { path: '/webhooks/:id', allowed: anybody, view: Webhook },
  { path: '/lines', title: 'Lines', icon: 'lines', key: 'l', allowed: operator, view: Lines },
];
