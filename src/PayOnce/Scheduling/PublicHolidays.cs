namespace PayOnce.Scheduling;

/// <summary>
/// Norwegian public holidays: those of the Act on public holidays and public peace (LOV-1995-02-24-12) § 2 that are not ordinary
/// Sundays, and 1 and 17 May (LOV-1947-04-26-1). Christmas Eve and the like are working days by law.
/// </summary>
public static class PublicHolidays
{
    public static bool Contains(DateOnly day)
    {
        if ((day.Month, day.Day) is (1, 1) or (5, 1) or (5, 17) or (12, 25) or (12, 26)) return true;
        // Maundy Thursday, Good Friday, Easter Sunday and Monday, Ascension Day, Whit Sunday and Monday.
        return (day.DayNumber - EasterSunday(day.Year).DayNumber) is -3 or -2 or 0 or 1 or 39 or 49 or 50;
    }

    /// <summary>Easter Sunday in the Gregorian calendar, by the anonymous rule (Meeus, Jones and Butcher).</summary>
    public static DateOnly EasterSunday(int year)
    {
        var golden = year % 19;
        var (century, ofCentury) = (year / 100, year % 100);
        var epact = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
        var weekday = (32 + 2 * (century % 4) + 2 * (ofCentury / 4) - epact - ofCentury % 4) % 7;
        var correction = (golden + 11 * epact + 22 * weekday) / 451;
        var days = epact + weekday - 7 * correction + 114;
        return new DateOnly(year, days / 31, days % 31 + 1);
    }
}
