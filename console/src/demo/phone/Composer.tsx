import { ActionIcon, Menu, TextInput } from '@mantine/core';
import { IconMapPin, IconPhoto, IconPlus, IconSend2 } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Customer } from '../api';
import { useSend } from '../useDemo';
import styles from './Phone.module.css';

/** A public square: the place that every customer of the demo stands at. */
const SQUARE = { latitude: 19.4326, longitude: -99.1332 };

/** Where the customer writes. What was typed stays until it is taken. */
export function Composer({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const send = useSend(customer.id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const words = text.trim();
    if (words !== '') send.mutate({ kind: 'text', text: words }, { onSuccess: () => setText('') });
  };
  return (
    <form className={styles.composer} onSubmit={submit}>
      <Menu position="top-start" withinPortal={false}>
        <Menu.Target>
          <ActionIcon size={40} radius="xl" variant="subtle" color="gray" c="var(--chat-ink)" aria-label={t('demo.phone.attach')}>
            <IconPlus size={22} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconMapPin size={18} aria-hidden />}
            onClick={() => send.mutate({ kind: 'location', ...SQUARE })}
          >
            {t('demo.phone.location')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconPhoto size={18} aria-hidden />}
            onClick={() => send.mutate({ kind: 'image' })}
          >
            {t('demo.phone.picture')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <TextInput
        className={styles.input}
        radius="xl"
        size="md"
        value={text}
        maxLength={4096}
        onChange={(event) => setText(event.currentTarget.value)}
        placeholder={t('demo.phone.write')}
        aria-label={t('demo.phone.write')}
        autoComplete="off"
      />
      <ActionIcon type="submit" size={40} radius="xl" aria-label={t('demo.phone.send')} loading={send.isPending}>
        <IconSend2 size={20} aria-hidden />
      </ActionIcon>
    </form>
  );
}
