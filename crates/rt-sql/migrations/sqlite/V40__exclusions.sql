CREATE TABLE Exclusions (
    MRN varchar(64) NOT NULL CHECK (length(MRN) <= 64),
    PlanID smallint unsigned NOT NULL,
    ExcludedAt_UTC datetime NOT NULL,
    Reason mediumtext NOT NULL,
    PRIMARY KEY (MRN, PlanID)
);
