import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import {
  fetchState,
  readOnPhone,
  Refused,
  replyFromSalesforce,
  type Reply,
  sendFromPhone,
  type Sending,
  type State,
} from './api';

const KEY = ['demo'];
const POLL_MS = 1000;

/** The state of the sandbox, asked for every second while the page is seen. */
export function useDemoState() {
  const queries = useQueryClient();
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => fetchState(queries.getQueryData<State>(KEY), signal),
    refetchInterval: POLL_MS,
  });
}

export const useSend = (customerId: string) =>
  useAction((sending: Sending) => sendFromPhone(customerId, sending));

export const useRead = (customerId: string) => useAction(() => readOnPhone(customerId));

export const useReply = () => useAction((reply: Reply) => replyFromSalesforce(reply));

/** Does it, then asks for the new state at once; a refusal is shown and stays a while. */
function useAction<In>(act: (input: In) => Promise<void>) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: () => queries.invalidateQueries({ queryKey: KEY }),
    onError: (error) =>
      notifications.show({
        color: 'red',
        title: t('demo.refused'),
        message: error instanceof Refused ? error.message : t('demo.unreachable'),
        closeButtonProps: { 'aria-label': t('demo.close') },
      }),
  });
}
