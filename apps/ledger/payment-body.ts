/** The body of `POST …/payments` is one payment or a list of them; its members tell which. */
import { Injectable, type PipeTransform } from '@nestjs/common';
import { RequestPipe } from '#platform/request-faults.js';
import { PaymentDto, PaymentsDto } from './payment.dto.js';

@Injectable()
export class PaymentBodyPipe implements PipeTransform {
  private readonly pipe = new RequestPipe();

  transform(value: unknown): Promise<unknown> {
    const many = typeof value === 'object' && value !== null && 'payments' in value;
    return this.pipe.transform(value, { type: 'body', metatype: many ? PaymentsDto : PaymentDto });
  }
}
