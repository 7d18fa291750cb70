import { describe } from '@jest/globals';
import { messagingContract } from '#messaging/contract.js';
import { createInProcessBroker, createInProcessMessaging } from '#messaging/in-process.js';
import type { Messaging } from '#messaging/port.js';

describe('messaging within one process', () => {
  messagingContract(async () => {
    const broker = createInProcessBroker();
    const open: Messaging[] = [];
    const another = async (): Promise<Messaging> => {
      open.push(createInProcessMessaging(broker));
      return open.at(-1)!;
    };
    return {
      messaging: await another(),
      another,
      dispose: async () => void (await Promise.all(open.map((messaging) => messaging.close()))),
    };
  });
});
