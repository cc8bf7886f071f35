import { Agent } from './agent.js';
import { Agents } from './agents.js';
import { CardPage } from './card.js';
import { Conversations } from './conversations.js';
import { Events } from './events.js';
import { Home } from './home.js';
import { Lines } from './lines.js';
import { People } from './people.js';
import { Person } from './person.js';
import { Rules } from './rules.js';
import { Webhook } from './webhook.js';
import { Webhooks } from './webhooks.js';

/**
 * Every page: its path, what the way around calls it (none: it is reached from another page), the key that leads
 * there, and who may see it. `within`: another path that the same page shows, without beginning anew.
 */

const anybody = () => true;
const admin = (session) => session.admin;
const operator = (session) => session.operator;

export const PAGES = [
  { path: '/', title: 'Home', icon: 'home', key: 'h', allowed: anybody, view: Home },
  { path: '/agents', title: 'Agents', icon: 'agents', key: 'a', allowed: admin, view: Agents },
  { path: '/agents/:handle', allowed: anybody, view: Agent },
  { path: '/agents/:handle/card', allowed: anybody, view: CardPage },
  { path: '/conversations', within: '/conversations/:id', title: 'Conversations', icon: 'conversations', key: 'c', allowed: anybody, view: Conversations },
  { path: '/people', title: 'People', icon: 'people', key: 'o', allowed: admin, view: People },
  { path: '/people/:number', allowed: admin, view: Person },
  { path: '/rules', title: 'Rules', icon: 'rules', key: 'r', allowed: anybody, view: Rules },
  { path: '/webhooks', title: 'Webhooks', icon: 'webhooks', key: 'w', allowed: anybody, view: Webhooks },
  { path: '/webhooks/:id', allowed: anybody, view: Webhook },
  { path: '/events', title: 'Events', icon: 'events', key: 'e', allowed: anybody, view: Events },
  { path: '/lines', title: 'Lines', icon: 'lines', key: 'l', allowed: operator, view: Lines },
];
