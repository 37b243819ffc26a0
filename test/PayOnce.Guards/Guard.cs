namespace PayOnce.Guards;

/// <summary>One guard of the protocol, how it is taken out, and which tests must notice.</summary>
/// <param name="Name">As the command line takes it.</param>
/// <param name="Words">What is left without it.</param>
/// <param name="Tests">Full names of test classes.</param>
internal sealed record Guard(string Name, string Words, IReadOnlyList<Cut> Cuts, IReadOnlyList<string> Tests);

/// <summary>A change of one source file.</summary>
/// <param name="Find">Stands exactly once in the file: if it does not, the guard has moved, and this list is wrong.</param>
/// <param name="Put">What stands there instead.</param>
internal sealed record Cut(string File, string Find, string Put);
