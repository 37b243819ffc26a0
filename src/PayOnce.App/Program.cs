using System.Globalization;
using System.Runtime.InteropServices;
using PayOnce.App;
using PayOnce.App.Host;

// Whatever the machine's language: dates, amounts and sentences are written in one way.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await Cli.RunAsync(args, Surroundings.OfThisProcess(), stop.Token);

// The first signal asks the command to end cleanly; the second ends the process there and then, which recovery also copes with.
void Stop(PosixSignalContext signal)
{
    if (stop.IsCancellationRequested) return;
    signal.Cancel = true;
    stop.Cancel();
}
