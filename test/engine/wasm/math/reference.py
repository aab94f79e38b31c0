"""
Makes the tables in reference/: what the vector functions are to be, at points over their whole domains, from mpmath at 320 bits.

    /usr/bin/python3 test/engine/wasm/math/reference.py [name ...]

A table is a JSON file for each function: for each width a list of stretches of arguments, and the values at these, one after the other. An argument is
given by where a line begins and ends, in equal steps either of its value ("even") or of its bits ("bits", of one sign, from the smaller magnitude):

    even: from + ((to - from) * i) / (count - 1), in float64, then rounded to the width
    bits: bits(from) + (bits(to) - bits(from)) * i // (count - 1), as integers of the width

Of two arguments the second line is walked with a stride: its index is (i * 149) % count.
Values are in base64, little-endian: all of them rounded to the width, then what each lacks, in 1/254 units in its last place, as signed bytes.
"""
import base64, json, math, os, re, struct, sys
from mpmath import mp, mpf
import mpmath as m

mp.prec = 320

FORMATS = {
    'float32': dict(float='<f', int='<I', digits=24, least=-149, largest=(2 - mpf(2) ** -23) * mpf(2) ** 127, top=128),
    'float64': dict(float='<d', int='<Q', digits=53, least=-1074, largest=(2 - mpf(2) ** -52) * mpf(2) ** 1023, top=1024),
}


def rounded(x, width):
    """The nearest number of the width, as a float, of an exact value."""
    f = FORMATS[width]
    if m.isnan(x):
        return math.nan
    if x == 0 or m.isinf(x):
        return float(x)
    if abs(x) >= f['largest'] + mpf(2) ** (f['top'] - f['digits'] - 1):
        return math.copysign(math.inf, x)
    unit = unit_of(x, f)
    return math.copysign(math.ldexp(int(m.nint(abs(x) / mpf(2) ** unit)), unit), x)


def unit_of(x, f):
    """The exponent of a unit in the last place."""
    return max(m.frexp(abs(x))[1] - f['digits'], f['least']) if x != 0 else f['least']


def line(kind, start, end, count, width):
    f = FORMATS[width]
    narrow = lambda x: rounded(mpf(x), width) if width == 'float32' and x != 0 else x
    if kind == 'even':
        return [narrow(start + ((end - start) * i) / (count - 1)) for i in range(count)]
    bits = lambda x: struct.unpack(f['int'], struct.pack(f['float'], abs(x)))[0]
    number = lambda b: math.copysign(struct.unpack(f['float'], struct.pack(f['int'], b))[0], start)
    low, high = bits(start), bits(end)
    return [number(low + (high - low) * i // (count - 1)) for i in range(count)]


def inverse_erf(y):
    if abs(y) == 1:
        return m.inf * y
    if y == 0:
        return y
    size = abs(y)
    w = -m.log((1 - size) * (1 + size))
    a = mpf('0.147')
    t = 2 / (m.pi * a) - w / 2
    x = m.sqrt(m.sqrt(t * t + w / a) - t) if size > mpf('1e-8') else size * m.sqrt(m.pi) / 2
    for _ in range(12):
        error = (1 - size) - m.erfc(x) if size > 0.5 else m.erf(x) - size
        step = error * m.exp(x * x) * m.sqrt(m.pi) / 2
        x -= step / (1 + x * step)
    return x if y > 0 else -x


def logistic(x):
    e = m.exp(-abs(x))
    return e / (1 + e) if x < 0 else 1 / (1 + e)


FUNCTIONS = dict(
    exp=m.exp, expOfNegative=m.exp, expm1=m.expm1, log=m.log, log1p=m.log1p, sin=m.sin, cos=m.cos, tan=m.tan, asin=m.asin, acos=m.acos,
    atan=m.atan, sinh=m.sinh, cosh=m.cosh, tanh=m.tanh, asinh=m.asinh, acosh=m.acosh, atanh=m.atanh, sigmoid=logistic, erf=m.erf, erfc=lambda x: m.erfc(max(min(x, 200), -200)),
    erfinv=inverse_erf, pow=m.power, lgamma=lambda x: m.inf if m.isinf(x) else m.re(m.loggamma(x)), digamma=m.digamma, atan2=m.atan2, hypot=m.hypot,
    **{f'polygamma{n}': lambda x, n=n: m.psi(n, x) for n in (1, 2, 3, 10)})

# The whole range of numbers, and what is special for a width: its smallest and largest numbers, and where e^x leaves them.
LEAST = {'float32': 2.0 ** -149, 'float64': 5e-324}
NORMAL = {'float32': 2.0 ** -126, 'float64': 2.0 ** -1022}
MOST = {'float32': 3.4e38, 'float64': 1.797e308}
EXP = {'float32': (-104.4, 88.7), 'float64': (-746.3, 709.7)}
EPSILON = {'float32': 2.0 ** -24, 'float64': 2.0 ** -53}


def grids(name, width):
    """Lines: (count, kind, from, to[, kind, from, to])."""
    least, normal, most, epsilon = LEAST[width], NORMAL[width], MOST[width], EPSILON[width]
    low, high = EXP[width]
    both = lambda count, a, b: [(count, 'bits', a, b), (count, 'bits', -a, -b)]
    whole = both(200, least, most) + both(30, least, 4 * normal)
    if name == 'exp':
        return whole + [(900, 'even', low, high), (900, 'even', -1.037, 1.041), (200, 'even', high - 1, high), (300, 'even', low, low + 17)] + both(150, epsilon, 1)
    if name == 'expOfNegative':
        return [(800, 'even', -87.3 if width == 'float32' else -708.3, 0), (600, 'even', -1.037, 0), (300, 'bits', -least, -80)]
    if name == 'expm1':
        return whole + [(600, 'even', -38, high), (1100, 'even', -1.537, 1.541), (200, 'even', high - 1, high)] + both(250, epsilon, 1)
    if name in ('log', 'acosh'):
        domain = [(900, 'bits', least, most), (150, 'bits', least, 4 * normal)] if name == 'log' else [(700, 'bits', 1, most)]
        around = [(300, 'even', 1 - 1e-3, 1 + 1e-3)] if name == 'log' else [(300, 'bits', 1, 1 + 1e-3)]
        return domain + around + [(900, 'even', 0.493 if name == 'log' else 1, 2.1), (500, 'even', 1, 30.7), (200, 'even', 1, 1e5)]
    if name == 'log1p':
        return [(500, 'bits', least, most), (300, 'bits', -least, -1 + epsilon), (1000, 'even', -0.999, 1.53), (500, 'even', 0, 37.7)] + both(300, epsilon / 8, 0.5)
    if name in ('sin', 'cos', 'tan'):
        return both(350, 1e-3, most) + both(60, least, 1e-3) + [
            (700, 'even', -10.37, 10.41), (400, 'even', -1003.7, 1001.1), (300, 'even', -24999, 25050), (300, 'even', 2.0 ** 20 - 5e4, 2.0 ** 20 + 5e4), (300, 'even', 1e15, 1e15 + 1e6)]
    if name in ('asin', 'acos', 'atanh', 'erfinv'):
        ends = [(250, 'bits', 0.5, 1 - epsilon), (250, 'bits', -0.5, -1 + epsilon), (150, 'even', 1 - 1e-3, 1 - epsilon), (150, 'even', 1 - 4000 * epsilon, 1 - epsilon)]
        return both(200, least, 1 - epsilon) + ends + [(1500, 'even', -1 + epsilon, 1 - epsilon), (300, 'even', 0.1, 0.5)]
    if name == 'atan':
        return whole + both(300, 1e-3, 1e3) + [(1500, 'even', -5.37, 5.41), (300, 'even', 0.4, 0.5)]
    if name in ('sinh', 'cosh'):
        return whole + [(800, 'even', -high - 0.6, high + 0.6), (1000, 'even', -2.037, 2.041), (200, 'even', high - 1, high + 0.6)] + both(150, epsilon, 1)
    if name == 'tanh':
        return whole + [(700, 'even', -20.7, 20.9), (1000, 'even', -1.537, 1.541), (200, 'even', 0.04, 0.07)] + both(200, epsilon, 1)
    if name == 'asinh':
        return whole + [(700, 'even', -20.7, 20.9), (1000, 'even', -1.537, 1.541), (200, 'even', 1e3, 1e5)] + both(250, epsilon, 1e9)
    if name == 'sigmoid':
        return whole + [(900, 'even', low, 41), (1200, 'even', -8.37, 8.41), (200, 'even', low, low + 17)]
    if name == 'erf':
        return whole + [(1200, 'even', -6.37, 6.41), (1000, 'even', -1.237, 1.241)] + both(150, epsilon, 1)
    if name == 'erfc':
        end = 10.1 if width == 'float32' else 27.3
        return whole + [(600, 'even', -6.37, 6.41), (1100, 'even', 0, end), (700, 'even', -0.99, 1.541), (200, 'even', end - 1, end)] + both(60, epsilon, 1)
    if name == 'pow':
        top = 1 if width == 'float32' else 8
        return [
            (600, 'even', 0.5, 2, 'even', -126.7 * top, 127.3 * top),
            (500, 'bits', least, most, 'even', -1.03, 1.05),
            (300, 'bits', 1e-5, 1e5, 'even', -7.7 * top, 7.7 * top),
            (300, 'bits', 1e-3, 1e3, 'bits', least, 10),
            (300, 'bits', 1, 1 + 1e-4, 'even', -9e5 * top, 8.8e5 * top),
            (300, 'bits', 1 - 1e-4, 1 - epsilon, 'even', -8.8e5 * top, 9e5 * top),
            (121, 'even', -10.7, -0.1, 'even', -60, 60),
            (301, 'even', 0.01, 20, 'even', -15, 15),
            (300, 'bits', least, 8 * normal, 'even', -0.9, 1.0),
        ]
    if name == 'lgamma':
        return [(500, 'bits', least, most), (400, 'bits', 1e-3, 1e3), (700, 'even', 0.003, 3.1), (400, 'even', 3, 19.7), (300, 'even', -1.999, -0.001)]
    if name == 'digamma':
        # Around its zero at 1.46 the error is absolute.
        return [(500, 'bits', least, 1), (400, 'even', 0.003, 1), (400, 'even', 2, 4.1), (300, 'even', 4, 19.7), (400, 'bits', 2, most)]
    if name.startswith('polygamma'):
        # Beyond the last of these a power of x on the way is no normal number.
        return [(400, 'bits', least, min(most, 10.0 ** (300 // int(name[9:])))), (400, 'bits', 1e-3, 1e3), (500, 'even', 0.003, 3.1), (300, 'even', 3, 29.7)]
    if name == 'atan2':
        sides = [(sign_y, sign_x) for sign_y in (1, -1) for sign_x in (1, -1)]
        return [(300, 'bits', y * least, y * most, 'bits', x * least, x * most) for y, x in sides] + [
            (300, 'bits', y * 1e-3, y * 1e3, 'bits', x * 1e-3, x * 1e3) for y, x in sides] + [(400, 'even', -3.1, 3.3, 'even', -5.7, 5.9)]
    if name == 'hypot':
        return [(500, 'bits', least, most, 'bits', least, most), (400, 'bits', 1e-3, 1e3, 'bits', 1e-3, 1e3), (400, 'even', -3.1, 3.3, 'even', -5.7, 5.9),
            (300, 'bits', least, 4 * normal, 'bits', least, 4 * normal)]
    raise KeyError(name)


def table(name, width):
    f = FORMATS[width]
    stretches, values, rests = [], [], []
    for count, *lines in grids(name, width):
        lines = [tuple(lines[at:at + 3]) for at in range(0, len(lines), 3)]
        columns = [line(*each, count, width) for each in lines]
        stretches.append({'count': count, 'lines': [{'by': by, 'from': start, 'to': end} for by, start, end in lines]})
        for i in range(count):
            arguments = [columns[0][i]] + [column[(i * 149) % count] for column in columns[1:]]
            exact = FUNCTIONS[name](*[mpf(x) for x in arguments])
            value = rounded(exact, width)
            # mpmath has no zero with a sign; none of these is reached but by arguments that the test lists apart.
            rest = (exact - mpf(value)) / mpf(2) ** unit_of(mpf(value), f) if math.isfinite(value) else mpf(0)
            if value == 0 and exact < 0:
                value = -0.0
            values.append(struct.pack(f['float'], value))
            rests.append(struct.pack('b', int(m.nint(rest * 254))))
    return {'stretches': stretches, 'values': base64.b64encode(b''.join(values) + b''.join(rests)).decode()}


if __name__ == '__main__':
    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'reference')
    for name in sys.argv[1:] or FUNCTIONS:
        text = json.dumps({width: table(name, width) for width in FORMATS}, indent=2) + '\n'
        # Numbers as JavaScript writes them.
        text = re.sub(r'("(?:from|to)": .*e)(?:\+|(-))0*', lambda match: match[1] + (match[2] or ''), text)
        with open(os.path.join(here, f'{name}.json'), 'w') as out:
            out.write(text)
