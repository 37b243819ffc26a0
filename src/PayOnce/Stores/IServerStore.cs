namespace PayOnce.Stores;

/// <summary>All of a store, for a host that serves people: the engine's part, and what people and their pages need beside it.</summary>
public interface IServerStore : IStore, IAccessStore, IRequestStore, IHistoryStore, ISourceStore, IClaimFormStore, IPrivacyStore;
