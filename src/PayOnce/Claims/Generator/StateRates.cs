namespace PayOnce.Claims.Generator;

/// <summary>
/// The state's rates for travel, from a date on, in øre. The generator draws amounts from them that look right; nothing is
/// calculated from them that is paid.
/// </summary>
/// <param name="Kilometre">Own car, a kilometre.</param>
/// <param name="PassengerKilometre">Supplement for a passenger, a kilometre.</param>
/// <param name="SixToTwelveHours">Day without a night, of six to twelve hours.</param>
/// <param name="OverTwelveHours">Day without a night, longer.</param>
/// <param name="WithNight">Day with a night at a hotel.</param>
internal sealed record StateRates(DateOnly From, long Kilometre, long PassengerKilometre, long SixToTwelveHours, long OverTwelveHours, long WithNight)
{
    // Kilometre: 5.30 from 2026, 5.00 in 2025, 4.90 in 2024, 4.48 in 2023. The day rates of 2024 and of 2026 were not to be had:
    // those of the year before stand for them.
    private static readonly StateRates[] Table =
    [
        new(new DateOnly(2026, 1, 1), 530, 100, 397_00, 736_00, 1012_00),
        new(new DateOnly(2025, 1, 1), 500, 100, 397_00, 736_00, 1012_00),
        new(new DateOnly(2024, 1, 1), 490, 100, 342_00, 637_00, 872_00),
        new(new DateOnly(2023, 1, 1), 448, 100, 342_00, 637_00, 872_00),
    ];

    /// <summary>The rates of a day; before the first those of the first.</summary>
    public static StateRates On(DateOnly date) => Array.Find(Table, rates => rates.From <= date) ?? Table[^1];
}
