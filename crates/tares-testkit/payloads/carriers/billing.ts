import { Injectable, Logger } from '@nestjs/common';
import axios, { AxiosInstance } from 'axios';
import { createHmac, randomBytes, timingSafeEqual } from 'crypto';
import { Repository } from 'typeorm';
import { Invoice, User } from './entities';
import { ConfigService } from './config.service';
//@imports

//@constants
@Injectable()
export class BillingService {
  private readonly logger = new Logger(BillingService.name);
  private readonly client: AxiosInstance;

  constructor(
    private readonly config: ConfigService,
    private readonly invoices: Repository<Invoice>,
    private readonly users: Repository<User>,
  ) {
    this.client = axios.create({
      baseURL: 'https://ledger.billing.example/api',
      headers: { Authorization: `Bearer ${process.env.LEDGER_TOKEN}` },
      timeout: 5000,
    });
    //@constructor
  }

  async createInvoice(user: User, amount: number): Promise<Invoice> {
    const invoice = this.invoices.create({ user, amount, currency: 'EUR' });
    //@create
    await this.invoices.save(invoice);
    await this.client.post('/invoices', { id: invoice.id, amount: invoice.amount });
    //@created
    return invoice;
  }

  total(lines: { price: number; quantity: number }[], taxRate: number): number {
    const net = lines.reduce((sum, line) => sum + line.price * line.quantity, 0);
    return Math.round(net * (1 + taxRate) * 100) / 100;
  }

  verifyCallback(body: string, signature: string): boolean {
    const expected = createHmac('sha256', process.env.CALLBACK_SECRET ?? '').update(body).digest();
    const given = Buffer.from(signature, 'hex');
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  newApiKey(): string {
    return randomBytes(32).toString('hex');
  }

  async canRefund(user: User, invoice: Invoice): Promise<boolean> {
    if (!user.roles.includes('billing')) {
      return false;
    }
    return invoice.user.id === user.id || user.roles.includes('admin');
  }

  async refund(user: User, invoice: Invoice): Promise<void> {
    if (!(await this.canRefund(user, invoice))) {
      throw new Error('forbidden');
    }
    //@refund
    invoice.refunded = true;
    await this.invoices.save(invoice);
    this.logger.log(`invoice ${invoice.id} refunded by ${user.id}`);
  }

  //@methods
}
//@end
