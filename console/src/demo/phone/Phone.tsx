import { Button } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Customer, PhoneMessage } from '../api';
import { useRead } from '../useDemo';
import { Bubble } from './Bubble';
import { Composer } from './Composer';
import { Customers } from './Customers';
import styles from './Phone.module.css';
import { unread } from './unread';

interface Props {
  customers: Customer[];
  customer: Customer;
  messages: PhoneMessage[];
  onPick: (id: string) => void;
}

/** The mark after the newest message is made anew with it, and so scrolled to. */
const reveal = (mark: HTMLDivElement | null) => mark?.scrollIntoView({ block: 'nearest' });

/** The customer's phone, with the chat as the customer sees it. */
export function Phone({ customers, customer, messages, onPick }: Props) {
  const { t } = useTranslation();
  const read = useRead(customer.id);
  const count = unread(messages);
  return (
    <section className={styles.phone} aria-labelledby="phone">
      <header className={styles.head}>
        <h2 id="phone" className={styles.hidden}>
          {t('demo.phone.title')}
        </h2>
        <Customers customers={customers} customer={customer} onPick={onPick} />
      </header>
      <div
        className={styles.chat}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
        tabIndex={0}
        role="log"
        aria-label={t('demo.phone.chat', { name: customer.name })}
      >
        {messages.length === 0 && <p className={styles.empty}>{t('demo.phone.empty')}</p>}
        {messages.map((message) => (
          <Bubble key={message.id} message={message} />
        ))}
        <div key={messages.at(-1)?.id} ref={reveal} />
      </div>
      {count > 0 && (
        <div className={styles.unread}>
          <Button
            size="compact-sm"
            radius="xl"
            leftSection={<IconEye size={16} aria-hidden />}
            loading={read.isPending}
            onClick={() => read.mutate(undefined)}
          >
            {t('demo.phone.read', { count })}
          </Button>
        </div>
      )}
      <Composer key={customer.id} customer={customer} />
    </section>
  );
}
