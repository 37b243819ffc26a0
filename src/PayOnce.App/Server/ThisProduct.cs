using System.Reflection;

namespace PayOnce.App.Server;

/// <summary>This program, as it names itself to people.</summary>
internal static class ThisProduct
{
    /// <summary>As in <c>0.1.0</c>, without the commit.</summary>
    public static string Version { get; } = typeof(ThisProduct).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
