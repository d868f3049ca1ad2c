import { Button, Textarea } from '@mantine/core';
import { IconSend2 } from '@tabler/icons-react';
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Customer } from '../api';
import { useReply } from '../useDemo';
import styles from './Records.module.css';

/** The agent's answer. Enter sends, with Shift it begins a line; a refused text stays. */
export function ReplyBox({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const reply = useReply();
  const send = () => {
    const words = text.trim();
    if (words === '' || reply.isPending) return;
    reply.mutate({ customerId: customer.id, text: words }, { onSuccess: () => setText('') });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form className={styles.reply} onSubmit={submit}>
      <Textarea
        className={styles.input}
        label={t('demo.records.reply', { name: customer.name })}
        placeholder={t('demo.records.write')}
        value={text}
        maxLength={4096}
        autosize
        minRows={1}
        maxRows={5}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <Button type="submit" loading={reply.isPending} rightSection={<IconSend2 size={17} aria-hidden />}>
        {t('demo.records.send')}
      </Button>
    </form>
  );
}
