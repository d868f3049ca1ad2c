import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';

import { Home } from '../home/Home';
import { NotFound } from './NotFound';
import { Shell } from './Shell';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const home = createRoute({ getParentRoute: () => root, path: '/', component: Home });

const demo = createRoute({
  getParentRoute: () => root,
  path: '/demo',
  component: lazyRouteComponent(() => import('../demo/DemoPage'), 'DemoPage'),
});

export const router = createRouter({ routeTree: root.addChildren([home, demo]) });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
