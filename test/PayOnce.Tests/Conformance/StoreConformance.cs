namespace PayOnce.Tests.Conformance;

/// <summary>
/// What every store must hold, whatever its engine. A subclass says which engine, nothing else: a difference between engines
/// is a failure here, never a skipped test.
/// </summary>
public abstract partial class StoreConformance : StoreProtocol;
