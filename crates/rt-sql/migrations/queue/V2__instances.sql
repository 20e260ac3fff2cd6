CREATE TABLE Instances (
    JobID integer NOT NULL REFERENCES Jobs (JobID) ON DELETE CASCADE,
    Number integer NOT NULL,
    SOPClassUID text NOT NULL,
    SOPInstanceUID text NOT NULL,
    SeriesInstanceUID text,
    StudyInstanceUID text,
    TransferSyntaxUID text NOT NULL,
    Path text NOT NULL,
    Offset integer NOT NULL,
    Length integer NOT NULL,
    SHA256 text,
    State text NOT NULL
        CHECK (State IN ('held', 'pending', 'sent', 'warned', 'failed', 'verified', 'committed')),
    Attempts integer NOT NULL DEFAULT 0,
    LastStatus integer,
    LastText text,
    ChangedAt_UTC datetime NOT NULL,
    PRIMARY KEY (JobID, Number),
    UNIQUE (JobID, SOPInstanceUID)
) WITHOUT ROWID;
