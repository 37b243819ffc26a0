namespace PayOnce.Stores;

/// <summary>
/// The commit was sent and its answer did not come: it may have happened or not. Never leaves a store: the store reads again by
/// the step's own key. Tests raise it from <c>OnCommitted</c> to lose an answer on purpose.
/// </summary>
internal sealed class CommitAnswerLostException(string message, Exception? inner = null) : Exception(message, inner);
