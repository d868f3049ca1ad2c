import { Alert, Center, Loader, SegmentedControl } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { State } from './api';
import { Bridge } from './bridge/Bridge';
import styles from './DemoPage.module.css';
import { Phone } from './phone/Phone';
import { Records } from './records/Records';
import { useDemoState } from './useDemo';

const PANES = ['phone', 'bridge', 'records'] as const;

export function DemoPage() {
  const { t } = useTranslation();
  const { data, isError } = useDemoState();
  return (
    <div className={styles.page}>
      <h1 className={styles.title}>{t('demo.title')}</h1>
      {isError && (
        <Alert
          color="orange"
          m="md"
          mb={0}
          styles={{ title: { color: 'var(--ink)' } }}
          icon={<IconPlugConnectedX aria-hidden />}
          title={t('demo.lost.title')}
        >
          {t('demo.lost.text')}
        </Alert>
      )}
      {data && <Panes state={data} />}
      {!data && !isError && (
        <Center flex={1}>
          <Loader aria-label={t('demo.loading')} />
        </Center>
      )}
    </div>
  );
}

function Panes({ state }: { state: State }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState<string>('phone');
  const [picked, setPicked] = useState<string | null>(null);
  const customer = state.customers.find(({ id }) => id === picked) ?? state.customers[0];
  if (!customer) return <Center flex={1}>{t('demo.nobody')}</Center>;
  return (
    <>
      <div className={styles.switch}>
        <SegmentedControl
          fullWidth
          value={shown}
          onChange={setShown}
          aria-label={t('demo.panes')}
          data={PANES.map((pane) => ({ value: pane, label: t(`demo.${pane}.short`) }))}
        />
      </div>
      <div className={styles.panes} data-shown={shown}>
        <Phone
          customers={state.customers}
          customer={customer}
          messages={state.phones[customer.id] ?? []}
          onPick={setPicked}
        />
        <Bridge traces={state.traces} customers={state.customers} />
        <Records records={state.records} customer={customer} />
      </div>
    </>
  );
}
