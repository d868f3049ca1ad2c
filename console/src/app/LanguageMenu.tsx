import { Button, Menu } from '@mantine/core';
import { IconCheck, IconLanguage } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { LANGUAGES, setLanguage } from '../i18n/language';

export function LanguageMenu() {
  const { t, i18n } = useTranslation();
  const short = i18n.language.slice(0, 2).toUpperCase();
  return (
    <Menu position="bottom-end" withinPortal={false}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-md"
          leftSection={<IconLanguage size={18} aria-hidden />}
          aria-label={`${short}, ${t('shell.language')}`}
          c="var(--ink)"
        >
          {short}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {LANGUAGES.map(({ tag, name }) => (
          <Menu.Item
            key={tag}
            lang={tag}
            onClick={() => setLanguage(tag)}
            rightSection={i18n.language === tag ? <IconCheck size={16} aria-hidden /> : null}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
