using System.Numerics;

namespace PayOnce.Model;

/// <summary>A state in three words: what the search keeps.</summary>
public readonly record struct Packed(ulong A, ulong B, ulong C)
{
    public override int GetHashCode()
    {
        var hash = (A * 0x9E3779B97F4A7C15UL) ^ BitOperations.RotateLeft(B * 0xC2B2AE3D27D4EB4FUL, 31) ^ BitOperations.RotateLeft(C * 0x165667B19E3779F9UL, 17);
        hash ^= hash >> 32;
        hash *= 0xD6E8FEB86659FD93UL;
        return (int)(hash >> 32);
    }

    public bool IsBefore(Packed other) => A != other.A ? A < other.A : B != other.B ? B < other.B : C < other.C;
}

/// <summary>
/// Packs a state, and makes those that differ in names only the same: the two nodes, the two claims, and the numbers of epochs,
/// of which only equality and order are ever compared. So neither runs nor crashes need a bound.
/// </summary>
public static class Packing
{
    public static Packed Canonical(ref World world, Scope scope)
    {
        Forget(ref world, scope);
        RankEpochs(ref world, scope);
        // Claims in the order of what is known of them, nodes in the order of what they do. Where two are alike, both orders are tried.
        var claims = scope.Claims == 1 ? -1 : Claim(world, 0).CompareTo(Claim(world, 1));
        if (claims != 0) return InOrderOfNodes(world, claims < 0 ? 0 : 1);
        var (one, other) = (InOrderOfNodes(world, 0), InOrderOfNodes(world, 1));
        return other.IsBefore(one) ? other : one;
    }

    private static Packed InOrderOfNodes(in World world, int swapClaims)
    {
        var nodes = Pack(world.Nodes[0], swapClaims).CompareTo(Pack(world.Nodes[1], swapClaims));
        if (nodes != 0) return Pack(world, nodes < 0 ? 0 : 1, swapClaims);
        var (one, other) = (Pack(world, 0, swapClaims), Pack(world, 1, swapClaims));
        return other.IsBefore(one) ? other : one;
    }

    /// <summary>Drops what nothing will ask for again: whether a booking shows already, of a claim that is exported for good.</summary>
    private static void Forget(ref World world, Scope scope)
    {
        if (scope.Restores > 0) return;
        for (var key = 0; key < 4; key++)
        {
            if (world.Now.Marks[key].State == MarkIs.Exported) world.Keys[key].Unseen = false;
        }
    }

    public static World Unpack(Packed packed)
    {
        World world = default;
        var (a, b, c) = packed;
        Unpack(ref world.Now, a);
        Unpack(ref world.Backup, b);
        world.HasBackup = Take(b, 46, 1) == 1;
        world.Restores = (byte)Take(b, 47, 2);
        world.Witness = (byte)Take(b, 49, 4);
        for (var i = 0; i < 2; i++) Unpack(ref world.Nodes[i], (int)(i == 0 ? c & 0x1FFFFF : (c >> 21) & 0x1FFFFF));
        for (var i = 0; i < 4; i++)
        {
            // The fourth key lies in what the first two words have left.
            var bits = i < 3 ? (c >> (42 + (i * 7))) & 0x7F : ((a >> 48) & 0x7F);
            world.Keys[i] = new Key { Booked = (byte)(bits & 3), Late = (byte)((bits >> 2) & 3), Unseen = (bits & 16) != 0, Closed = (bits & 32) != 0, Decided = (bits & 64) != 0 };
        }
        return world;
    }

    private static Packed Pack(in World world, int swapNodes, int swapClaims)
    {
        ulong c = 0;
        var a = Pack(world.Now, swapNodes, swapClaims);
        var b = Pack(world.Backup, swapNodes, swapClaims) | (world.HasBackup ? 1UL << 46 : 0) | ((ulong)world.Restores << 47) | ((ulong)world.Witness << 49);
        for (var i = 0; i < 2; i++)
        {
            c |= Pack(world.Nodes[i ^ swapNodes], swapClaims) << (21 * i);
        }
        for (var i = 0; i < 4; i++)
        {
            var bits = Pack(world.Keys[i ^ (swapClaims << 1)]);
            if (i < 3) c |= bits << (42 + (i * 7));
            else a |= bits << 48;
        }
        return new Packed(a, b, c);
    }

    // 46 bits: epoch 4, holder 2, two flags, four marks of 9, two spare.
    private static ulong Pack(in Store store, int swapNodes, int swapClaims)
    {
        var holder = store.Holder == 0 || swapNodes == 0 ? store.Holder : (byte)(3 - store.Holder);
        var bits = store.Epoch | ((ulong)holder << 4) | (store.Restoring ? 1UL << 7 : 0) | (store.RestoreQuiet ? 1UL << 8 : 0);
        for (var i = 0; i < 4; i++) bits |= Pack(store.Marks[i ^ (swapClaims << 1)]) << (9 + (i * 9));
        return bits;
    }

    private static void Unpack(ref Store store, ulong bits)
    {
        store.Epoch = (byte)(bits & 15);
        store.Holder = (byte)((bits >> 4) & 3);
        store.Restoring = (bits & (1 << 7)) != 0;
        store.RestoreQuiet = (bits & (1 << 8)) != 0;
        for (var i = 0; i < 4; i++)
        {
            var mark = bits >> (9 + (i * 9));
            store.Marks[i] = new Mark { State = (MarkIs)(mark & 7), Epoch = (byte)((mark >> 3) & 15), Quiet = (Quiet)((mark >> 7) & 3) };
        }
    }

    private static ulong Pack(in Mark mark) => (ulong)mark.State | ((ulong)mark.Epoch << 3) | ((ulong)mark.Quiet << 7);

    private static ulong Pack(in Key key) => key.Booked | ((ulong)key.Late << 2) | (key.Unseen ? 16UL : 0) | (key.Closed ? 32UL : 0) | (key.Decided ? 64UL : 0);

    // What is known of a claim, whatever nodes do with it.
    private static ulong Claim(in World world, int claim)
    {
        var key = claim * 2;
        return Pack(world.Now.Marks[key]) | (Pack(world.Now.Marks[key + 1]) << 9) | (Pack(world.Backup.Marks[key]) << 18) | (Pack(world.Backup.Marks[key + 1]) << 27)
            | (Pack(world.Keys[key]) << 36) | (Pack(world.Keys[key + 1]) << 43);
    }

    // 21 bits: place 4, epoch 4, one flag, two jobs of 6.
    private static ulong Pack(in Node node, int swapClaims)
    {
        var bits = (ulong)node.At | ((ulong)node.Epoch << 4) | (node.Unsure ? 1UL << 8 : 0);
        for (var i = 0; i < 2; i++)
        {
            ref readonly var job = ref node.Jobs[i ^ swapClaims];
            bits |= ((ulong)job.Does | (job.Doubt ? 16UL : 0) | ((ulong)job.Generation << 5)) << (9 + (i * 6));
        }
        return bits;
    }

    private static void Unpack(ref Node node, int bits)
    {
        node.At = (At)(bits & 15);
        node.Epoch = (byte)((bits >> 4) & 15);
        node.Unsure = (bits & 256) != 0;
        for (var i = 0; i < 2; i++)
        {
            var job = bits >> (9 + (i * 6));
            node.Jobs[i] = new Job { Does = (Does)(job & 15), Doubt = (job & 16) != 0, Generation = (byte)((job >> 5) & 1) };
        }
    }

    private static ulong Take(ulong from, int at, int width) => (from >> at) & ((1UL << width) - 1);

    private static void RankEpochs(ref World world, Scope scope)
    {
        if (scope.Restores == 0) world.Witness = 0;
        var used = 1u | (1u << world.Now.Epoch) | (1u << world.Witness) | (1u << world.Nodes[0].Epoch) | (1u << world.Nodes[1].Epoch) | (1u << world.Backup.Epoch);
        for (var i = 0; i < 4; i++) used |= (1u << world.Now.Marks[i].Epoch) | (1u << world.Backup.Marks[i].Epoch);
        if ((used & (used + 1)) == 0) return;
        Rank(ref world.Now.Epoch, used);
        Rank(ref world.Witness, used);
        Rank(ref world.Backup.Epoch, used);
        for (var i = 0; i < 2; i++) Rank(ref world.Nodes[i].Epoch, used);
        for (var i = 0; i < 4; i++)
        {
            Rank(ref world.Now.Marks[i].Epoch, used);
            Rank(ref world.Backup.Marks[i].Epoch, used);
        }
    }

    private static void Rank(ref byte epoch, uint used)
    {
        epoch = (byte)BitOperations.PopCount(used & ((1u << epoch) - 1));
        if (epoch > 15) throw new InvalidOperationException("More epochs at once than a state has room for.");
    }
}
