import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './app/base.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { App } from './app/App';
import { startLanguage } from './i18n/language';

startLanguage();
const root = document.querySelector('#root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
