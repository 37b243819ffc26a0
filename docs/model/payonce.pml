/* PayOnce's protocol (docs/guarantee.md): one claim, two nodes, one accounting system over an API.
 *
 * Written apart from the search in test/PayOnce.Model, from the words of the guarantee, so that a slip in one is not in the other.
 * Each commit, question and write is one atomic step; between two of them a node may stand still for as long as it likes, or die.
 *
 * Accounting system, one of:  -DUNIQUE  -DREADABLE  -DRELEASED (readable, with automatic release)  -DBLIND
 * A backup that is put back:  -DRESTORE (the epochs' witness notices)
 * Without an assumption:      -DFROZEN (still between deadline and write)  -DFALSE_READ (denies what it holds)
 *                             -DFORGETS_KEYS  -DUNNOTICED (with RESTORE: the witness is lost too)
 * Without a guard:            -DNO_START  -DNO_QUIET  -DNO_DEADLINE  -DRESEND  -DREUSE (a take-over keeps the epoch)
 *                             -DUNFENCED (record compares neither epoch nor mark)
 *                             -DSTALE (settling compares the state alone)
 *                             -DUNASKED (with RESTORE: a lease that had run out is renewed without asking the witness)
 */
#ifndef EPOCHS
#define EPOCHS 5
#endif
#ifndef DEATHS
#define DEATHS 2   /* how many processes may die */
#endif

mtype = { waits, reserved, started, exported, rejected, in_doubt, released }   /* the mark */
mtype = { nothing, accepted, refused, not_processed, unknown }                 /* an answer */

/* The database. */
mtype mark = waits
byte mark_epoch, epoch, holder          /* holder: 0 nobody, else node + 1 */
bool quiet, absent_once                 /* of the attempt in doubt: its quiet time is over; it was absent once */
bool restoring, restore_quiet

/* The world. */
byte booked
bool lags                               /* a booking that read-back may not show yet */
byte witness, deaths
bool gone[2], checked[2], waiting[2]
mtype answer[2] = nothing
chan net = [3] of { byte, byte }        /* requests on the way: node, epoch */
byte waits_for[2]
bool careful_release

/* Stands between two steps: without it spin would go from one atomic block into the next in one go. */
#define PAUSE skip

#define OURS (epoch == my)
#ifdef UNASKED
#define NEWEST true
#else
#define NEWEST (witness <= my)          /* whoever took another lease since, ours had run out */
#endif
#define HIGHER(a, b) (a > b -> a : b)
#ifdef FROZEN
#define PROMPT true
#define MAY_RUN_OUT true
#else
#define PROMPT (!checked[0] && !checked[1])
#define MAY_RUN_OUT (!checked[holder - 1])   /* who has just looked at the deadline has the margin left */
#endif
#define NOTHING_UNDER_WAY (len(net) == 0 && !lags && PROMPT)
#ifdef NO_QUIET
#define quiet_enough true
#else
#define quiet_enough quiet
#endif
#if defined(UNIQUE) || defined(RESEND)
#define MAY_REPEAT true
#else
#define MAY_REPEAT false
#endif
#if defined(UNIQUE)
#define MAY_RELEASE quiet_enough
#elif defined(RELEASED)
#define MAY_RELEASE (quiet_enough && absent_once)
#else
#define MAY_RELEASE false
#endif
#ifdef FALSE_READ
#define MAY_DENY true
#else
#define MAY_DENY (booked == 0 || lags)
#endif
#define MAY_DIE :: deaths < DEATHS -> deaths++; printf("%d dies\n", me); goto dead

inline doubts() { mark = in_doubt; quiet = false; absent_once = false }

proctype Node(byte me)
{
	byte my, asked_of
	bool doubt, there, may

end_idle:
	atomic {
		epoch < EPOCHS && witness < EPOCHS && (holder == 0 || gone[holder - 1] || (holder != me + 1 && MAY_RUN_OUT));
		if :: epoch < witness -> restoring = true; restore_quiet = false :: else fi;
		my = HIGHER(epoch, witness) + 1;
#ifdef REUSE
		if :: holder != 0 -> my = epoch :: else fi;
#endif
		epoch = my; holder = me + 1; gone[me] = false;
#ifndef UNNOTICED
		witness = my;
#endif
		printf("%d takes the lease, epoch %d\n", me, my)
	}
	PAUSE;
	atomic { if   /* recover */
		MAY_DIE
		:: !OURS -> goto stop
		:: OURS && mark == reserved -> mark = released
		:: OURS && mark == started -> doubts(); printf("%d recovers: in doubt\n", me)
		:: OURS && mark != reserved && mark != started
	fi }
#ifndef BLIND
	PAUSE;
	atomic { if   /* ask: state, attempt and times are read in one statement before the question */
		MAY_DIE
		:: mark != in_doubt -> goto settled
		:: mark == in_doubt && booked > 0 -> there = true
		:: mark == in_doubt && MAY_DENY -> there = false; may = MAY_RELEASE
		fi;
		asked_of = mark_epoch;
		printf("%d asks: there %d, may release %d\n", me, there, may)
	}
	PAUSE;
	atomic { if   /* settle */
		MAY_DIE
#ifdef STALE
		:: mark != in_doubt
		:: mark == in_doubt ->
#else
		:: !OURS -> goto stop
		:: OURS && (mark != in_doubt || mark_epoch != asked_of)
		:: OURS && mark == in_doubt && mark_epoch == asked_of ->
#endif
			if
			:: there -> mark = exported
			:: !there && may -> mark = released; printf("%d releases\n", me)
			:: !there && !may && !absent_once -> absent_once = true; quiet = false
			:: else
			fi
	fi }
#endif
settled:
	PAUSE;
	atomic { there = false; may = false; asked_of = 0; if   /* reserve, or end the run */
		MAY_DIE
		:: !OURS -> goto stop
#ifndef BLIND
		:: OURS && restoring && restore_quiet && booked > 0 -> mark = exported; restoring = false   /* found */
		:: OURS && restoring && restore_quiet && MAY_DENY -> restoring = false
#endif
		:: OURS && restoring -> holder = 0; goto stop
		:: OURS && !restoring && (mark == waits || mark == released || mark == rejected) ->
			mark = reserved; mark_epoch = my; doubt = false; printf("%d reserves\n", me); goto deliver
		:: OURS && !restoring && mark != waits && mark != released && mark != rejected -> holder = 0; goto stop
	fi }
	goto settled

deliver:
	PAUSE;
	atomic { if   /* start */
		MAY_DIE
		:: !OURS -> goto stop
		:: OURS && !doubt -> mark = released; goto settled   /* not sent */
#ifdef NO_START
		:: OURS
#else
		:: OURS -> mark = started
#endif
	fi }
	PAUSE;
	atomic { if   /* the last look at the deadline */
		MAY_DIE
#ifdef NO_DEADLINE
		:: checked[me] = true
#else
		:: !OURS || !NEWEST -> goto stop
		:: OURS && NEWEST -> checked[me] = true
#endif
	fi }
	PAUSE;
	atomic { if   /* the write */
		MAY_DIE
		:: nfull(net) ->
#ifndef FROZEN
			assert(mark == started && mark_epoch == my);   /* nothing is sent that was not durably reserved and started */
#endif
			net!me,my; checked[me] = false; waiting[me] = true; waits_for[me] = my; answer[me] = nothing; printf("%d sends\n", me)
		:: checked[me] = false; answer[me] = not_processed   /* refused connection */
	fi }
	PAUSE;
	atomic { if   /* wait */
		MAY_DIE
		:: answer[me] != nothing
		:: waiting[me] && answer[me] == nothing -> answer[me] = unknown; printf("%d hears nothing\n", me)
		fi;
		waiting[me] = false; waits_for[me] = 0
	}
	PAUSE;
	atomic { if   /* record, by compare-and-set on state and epoch; or send again where that is harmless */
		MAY_DIE
#ifdef UNFENCED
		:: true ->
#else
		:: !OURS || mark_epoch != my || (mark != started && mark != reserved) -> goto stop
		:: OURS && mark_epoch == my && (mark == started || mark == reserved) ->
#endif
			if
			:: answer[me] == accepted -> mark = exported
			:: answer[me] == refused && !doubt -> mark = rejected
			:: answer[me] == not_processed && !doubt -> mark = released
			:: answer[me] == unknown || (answer[me] != accepted && doubt) -> doubts(); printf("%d: in doubt\n", me)
			:: answer[me] == unknown && MAY_REPEAT -> doubt = true; answer[me] = nothing; goto deliver
			:: answer[me] == not_processed && (!doubt || MAY_REPEAT) -> answer[me] = nothing; goto deliver
			fi
	fi }
	goto settled

dead:
	gone[me] = true;
stop:
	atomic { checked[me] = false; waiting[me] = false; waits_for[me] = 0; answer[me] = nothing; doubt = false; there = false; may = false; asked_of = 0; my = 0 }
	PAUSE;
	goto end_idle
}

inline answer_to(node, sent_by, what)
{
	if :: waiting[node] && waits_for[node] == sent_by && answer[node] == nothing -> answer[node] = what :: else fi
}

/* The accounting system and the network. */
active proctype System()
{
	byte n, e
end:	do
	:: atomic { net?n,e ->
		if
		:: true -> printf("a request is lost\n")
		:: true -> answer_to(n, e, refused)
		:: true ->
			if
#if defined(UNIQUE) && !defined(FORGETS_KEYS)
			:: booked > 0
#endif
			:: else -> booked++; lags = true; printf("booked %d\n", booked); assert(booked < 2)   /* at most one booking */
			fi;
			if :: answer_to(n, e, accepted) :: true /* the answer is lost */ fi
		fi; n = 0; e = 0 }
	od
}

active proctype Time()
{
end:	do
	:: atomic { lags -> lags = false }
	:: atomic { mark == in_doubt && !quiet && NOTHING_UNDER_WAY -> quiet = true; printf("the quiet time passes\n") }
	:: atomic { restoring && !restore_quiet && NOTHING_UNDER_WAY -> restore_quiet = true }
	od
}

/* Looks, waits the quiet time, and decides once. */
active proctype Person()
{
end:	do
	:: atomic { mark == in_doubt && booked > 0 -> mark = exported }
	:: atomic { mark == in_doubt && quiet && booked == 0 && !careful_release -> mark = released; careful_release = true; printf("a person releases\n") }
#ifdef BLIND
	:: atomic { restoring && restore_quiet -> restoring = false; if :: booked > 0 -> mark = exported :: else fi }
#endif
	od
}

#ifdef RESTORE
active proctype Backup()
{
	mtype kept
	byte kept_mark_epoch, kept_epoch, kept_holder
end:
	atomic { kept = mark; kept_mark_epoch = mark_epoch; kept_epoch = epoch; kept_holder = holder; printf("backup, epoch %d\n", epoch) }
	PAUSE;
end_kept:   /* not of the middle of the latest run, of which the witness knows no more than the backup */
	atomic { PROMPT && (kept_holder == 0 || kept_epoch < witness) -> mark = kept; mark_epoch = kept_mark_epoch; epoch = kept_epoch; holder = kept_holder; restoring = false; quiet = false; absent_once = false;
		printf("the backup is put back\n") }
}
#endif

init { atomic { run Node(0); run Node(1) } }
