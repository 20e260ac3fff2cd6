CREATE TABLE Commitments (
    TransactionUID text PRIMARY KEY,
    JobID integer NOT NULL REFERENCES Jobs (JobID) ON DELETE CASCADE,
    AskedAt_UTC datetime NOT NULL,
    AnsweredAt_UTC datetime
) WITHOUT ROWID;
