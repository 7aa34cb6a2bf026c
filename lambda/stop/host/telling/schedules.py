# How often a line of a crontab or a timer starts its job.

import calendar
import datetime
import re

NICKNAMES = {
    b'@hourly': b'0 * * * *',
    b'@daily': b'0 0 * * *',
    b'@midnight': b'0 0 * * *',
    b'@weekly': b'0 0 * * 0',
    b'@monthly': b'0 0 1 * *',
    b'@yearly': b'0 0 1 1 *',
    b'@annually': b'0 0 1 1 *',
}
MONTHS = {name: index + 1 for index, name in enumerate(b'jan feb mar apr may jun jul aug sep oct nov dec'.split())}
WEEKDAYS = {name: index for index, name in enumerate(b'sun mon tue wed thu fri sat'.split())}
DAYS_AHEAD = 800


def period_s(schedule, today):
    """
    Seconds of the shortest time between two starts from `today` on; None where it cannot be told:
    `@reboot`, a random time (cronie's "~"), fewer than two starts in two years.
    """
    fields = NICKNAMES.get(schedule.lower(), schedule).split()
    if len(fields) != 5:
        return None
    try:
        minutes, hours = values(fields[0], 0, 59), values(fields[1], 0, 23)
        days = [day for day in range(DAYS_AHEAD) if falls_on(fields, today + datetime.timedelta(day))]
    except (ValueError, KeyError):
        return None
    times = sorted(hour * 60 + minute for hour in hours for minute in minutes)
    gaps = [later - earlier for earlier, later in zip(times, times[1:])] if days else []
    gaps += [(later - earlier) * 1440 + times[0] - times[-1] for earlier, later in zip(days, days[1:])]
    return min(gaps) * 60 if gaps else None


def falls_on(fields, day):
    _, _, days, months, weekdays = fields
    if day.month not in values(months, 1, 12, MONTHS):
        return False
    on_day = day.day in values(days, 1, 31)
    on_weekday = day.isoweekday() % 7 in {number % 7 for number in values(weekdays, 0, 7, WEEKDAYS)}
    # crontab(5): where both are restricted, either will do.
    restricted = not days.startswith(b'*') and not weekdays.startswith(b'*')
    return on_day or on_weekday if restricted else on_day and on_weekday


def values(field, low, high, names={}):
    found = set()
    for part in field.lower().split(b','):
        span, _, step = part.partition(b'/')
        first, _, last = span.partition(b'-')
        if span == b'*':
            begin, end = low, high
        else:
            begin = value(first, names)
            end = value(last, names) if last else high if step else begin
        if not low <= begin <= end <= high or step == b'0':
            raise ValueError(field)
        found.update(range(begin, end + 1, int(step) if step else 1))
    return found


def value(text, names):
    return names[text] if text in names else int(text.decode('ascii'))


SYSTEMD_ANALYZE = '/usr/bin/systemd-analyze'
# `TimersCalendar={ OnCalendar=*-*-* *:00/5:00 ; next_elapse=... }`
ON_CALENDAR = re.compile(r'\ATimersCalendar=\{ OnCalendar=([^;{}]{1,200}) ; next_elapse=')
STARTS = '10'
START = re.compile(r'(?:Next elapse|Iter\. #\d+|Iteration #\d+): [A-Z][a-z]{2} (\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d) UTC')


def timer_period_s(unit):
    """
    Seconds of the shortest time between its next starts; None where it cannot be told: not by one
    calendar alone, or a systemd before 242, which lists no further starts. While its service runs
    a timer has no next start of its own (NextElapseUSecRealtime is empty).
    """
    timers = [line for line in unit_lines(unit, 'TimersCalendar', 'TimersMonotonic') if line.startswith('Timers')]
    found = ON_CALENDAR.match(timers[0]) if len(timers) == 1 else None
    if found is None:
        return None
    try:
        text = printed_by((SYSTEMD_ANALYZE, 'calendar', '--iterations=' + STARTS, '--', found.group(1)), 'systemd-analyze')
    except Refused:
        return None
    starts = [calendar.timegm(tuple(int(part) for part in one)) for one in START.findall(text)]
    gaps = [later - earlier for earlier, later in zip(starts, starts[1:])]
    return min(gaps) if gaps else None
