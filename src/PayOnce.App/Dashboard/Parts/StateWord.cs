namespace PayOnce.App.Dashboard.Parts;

/// <summary>A state in one or two words, with the colour that repeats it: never the colour alone.</summary>
/// <param name="Colour">The design system's: <c>neutral</c>, <c>info</c>, <c>success</c>, <c>warning</c>, <c>danger</c>.</param>
public readonly record struct StateWord(string Text, string Colour);
