/**
 * How the year went at the land reserve centre: what each line had paid by the end of June and of December, in how many
 * payments, for what. All of it is invented; it follows the published half-year plan with some lines behind and ahead.
 */
import { allocate, subtract, type Fen } from '#domain/money.js';
import { parts, purposeOf, officeDay, spread, wan } from './office-days.js';
import { organisation, people, type Payment } from './vouchers.js';

const YEAR = 2024;

// 万元: paid by 30 June, paid by 31 December; payments in each half; the plan by 30 June stands beside them
const COURSE = `
  line  half        year       n1  n2   plan
  B01   591.873416  1530.2268  64  64   600      基本支出
  P01   13.42       33.40       6   6   13.56
  P02   9352.6      18105       9   9   9208     ahead
  P03   2761.35     13190       7  10   3300     behind: 拆迁 began late
  P04   0.35        3.85        2   3   0.5
  P05   2194.8      8893        7   8   2290
  P06   25.6        63.2        5   5   17.12    ahead
  P07   6482.4      12840       8   8   6750
  P08   816.9       1722        6   6   830
  P09   6711        12890       8   8   6500     ahead
  P10   5.28        22.6        3   5   10       behind
  P11   4.9         11.4        3   4   6.63
  P12   23.712      58.2       12  12   24
  P13   11652.5     23480       9  11   12017
  P14   69.4        139.6       4   4   71
  P15   6           69.7        2   7   8
  P16   14096.3     28130       7   7   14095
  P17   32604       75420      15  17   34000    behind
  P18   0           10.46       0   2   0        overdrawn in the end
  P19   761.9       3290        3   7   1285     behind
`;

/** What a line pays for, in turn: economic code (– where the voucher bore none), payee, purpose. */
const WORKS: Readonly<Record<string, string>> = {
  P01: '30106 某餐饮服务公司 {m}月职工伙食费',
  P02: '31005 某市政工程公司 外围道路第{n}期工程进度款; 31005 某监理公司 外围道路监理费（第{n}次）; 31005 某桥梁工程公司 跨河桥梁第{n}期进度款',
  P03: '31009 某街道办事处 土地补偿款第{n}批; 31012 某拆迁服务公司 地上物拆迁补偿第{n}批; 31010 某安置服务中心 安置补助第{n}批',
  P04: '30299 某会务服务公司 主题党日活动费; 30299 某文化用品公司 学习资料费',
  P05: '31005 某场地平整公司 七通一平第{n}期工程款; 31005 某管线工程公司 管线迁移第{n}期工程款; 31005 某测绘院 勘测定界费（第{n}次）',
  P06: '31007 某软件公司 储备土地信息系统开发款（第{n}期）; 30213 某信息技术公司 机房运行维护费（{m}月）',
  P07: '31009 某镇人民政府 征收补偿款第{n}批; 31012 某拆迁服务公司 房屋拆迁补偿第{n}批; 31011 某农业合作社 青苗及附着物补偿第{n}批',
  P08: '– 某物业公司 定销房{m}月管理费; – 某维修工程公司 定销房公共部位维修（第{n}次）',
  P09: '31005 某道路工程公司 道路建设第{n}期进度款; 31005 某绿化工程公司 绿化迁移第{n}期工程款',
  P10: '30213 某物业维修公司 办公用房零星维修（第{n}次）; 30213 某电梯维保公司 电梯维修费',
  P11: '30216 某培训中心 业务培训费（第{n}期）',
  P12: '30206 某供电公司 {m}月电费; 30205 某自来水公司 {m}月水费',
  P13: '31005 某市政工程公司 上市地块周边道路第{n}期进度款; 31005 某排水工程公司 雨污水管第{n}期工程款',
  P14: '30240 某税务机关 第{n}期城镇土地使用税',
  P15: '30227 某评估机构 土地评估费（第{n}批）; 30227 某律师事务所 法律顾问服务费; 30227 某会计师事务所 成本审核费',
  P16: '– 某教育局 学校建设补助第{n}期',
  P17: '31009 某街道办事处 土地补偿款第{n}批; 31012 某房屋征收公司 房屋征收补偿第{n}批; 31010 某安置房公司 安置补助第{n}批; 31012 某国有工厂 企业搬迁补偿第{n}批',
  P18: '30229 某医院体检中心 职工体检费（第{n}批）',
  P19: '31005 某环保工程公司 污染土壤治理第{n}期工程款; 30227 某土壤检测公司 土壤修复效果评估（第{n}次）',
};

/** Basic expenditure: code, share of the sum, day of the month, months (every n-th), payee, purpose. */
const PAYROLL = `
  30101  180  10  1  职工          {m}月基本工资
  30102  130  10  1  职工          {m}月津贴补贴
  30107  250  10  1  职工          {m}月绩效工资
  30108   90  15  1  某社保经办机构  {m}月养老保险
  30109   45  15  1  某社保经办机构  {m}月职业年金
  30110   50  15  1  某医保经办机构  {m}月医疗保险
  30113  100  15  1  某公积金中心    {m}月住房公积金
  30201   14  21  1  某办公用品公司  {m}月办公费
  30209   36  22  2  某物业公司      办公楼物业管理费
  30207   10  19  3  某通信公司      邮电费
  30211   16  23  2  职工          差旅费
  30228   20  24  3  某工会委员会    工会经费
  30231   12  25  3  某汽车服务公司  公务用车运行维护费
  30217    3  26  6  某公务接待点    公务接待费
  30302   30  18  2  退休人员       退休费
`;

/** Performance pay of December against that of other months: the year's bonus. */
const BONUS = 10;

interface Half {
  readonly months: readonly [number, number];
  readonly total: Fen;
  readonly count: number;
  /** Payments of the line before this half. */
  readonly before: number;
}

/** All ordinary payments of the year. */
export function ordinaryPayments(): Payment[] {
  return COURSE.trim()
    .split('\n')
    .slice(1)
    .flatMap((row) => {
      const [line = '', half = '', year = '', n1 = '', n2 = ''] = row.trim().split(/\s+/);
      const first: Half = { months: [1, 6], total: wan(half), count: Number(n1), before: 0 };
      const total = subtract(wan(year), wan(half));
      const second: Half = { months: [7, 12], total, count: Number(n2), before: Number(n1) };
      const pay = line === 'B01' ? payroll : instalments;
      return [...pay(line, first), ...pay(line, second)];
    });
}

function instalments(line: string, { months, total, count, before }: Half): Payment[] {
  const works = (WORKS[line] ?? '').split('; ');
  const amounts = parts(`${line} ${months[0]}`, total, count);
  return spread(`${line} ${months[0]}`, count, YEAR, months).map((date, index) => {
    const number = before + index + 1;
    const [code = '', payee = '', words = ''] = (works[(number - 1) % works.length] ?? '').split(' ');
    return {
      key: `${line}#${number}`,
      line,
      date,
      fen: amounts[index] as Fen,
      payee: organisation(payee),
      purpose: purposeOf(words, date, Math.ceil(number / works.length)),
      ...(code === '–' ? {} : { code }),
    };
  });
}

/** Wages and running cost month by month, all of one day in one command. The sum is shared out by weight. */
function payroll(line: string, { months: [first, last], total, count }: Half): Payment[] {
  const items = PAYROLL.trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/));
  const due = Array.from({ length: last - first + 1 }, (_, index) => first + index).flatMap((month) =>
    items.filter(([, , , every = '1']) => month % Number(every) === 0).map((item) => ({ month, item })),
  );
  if (due.length !== count) throw new Error(`the payroll has ${due.length} payments from month ${first}, not ${count}`);
  const amounts = allocate(
    total,
    due.map(({ month, item: [code, weight] }) => Number(weight) * (code === '30107' && month === 12 ? BONUS : 1)),
  );
  return due.map(({ month, item }, index) => {
    const [code = '', , day = '', , payee = '', words = ''] = item;
    const date = officeDay(`${YEAR}-${String(month).padStart(2, '0')}-${day}`);
    return {
      key: `${line}#${month}-${code}`,
      line,
      date,
      fen: amounts[index] as Fen,
      payee: payee === '职工' || payee === '退休人员' ? people(payee) : organisation(payee),
      purpose: purposeOf(words, date, month),
      code,
      batch: `${line} ${date}`,
    };
  });
}
