CREATE TABLE PlanStatus (
    MRN varchar(64) NOT NULL CHECK (length(MRN) <= 64),
    PlanID smallint unsigned NOT NULL,
    Approval varchar(64) CHECK (length(Approval) <= 64),
    Intent varchar(64) CHECK (length(Intent) <= 64),
    Role varchar(64) NOT NULL CHECK (length(Role) <= 64),
    QA tinyint NOT NULL,
    DoseType varchar(64) CHECK (length(DoseType) <= 64),
    TotalDoseCheck mediumtext NOT NULL,
    MismatchAccepted tinyint NOT NULL,
    IdentityRemoved tinyint NOT NULL,
    Meterset_MU double,
    TxTime_s double,
    SupersededBy smallint unsigned,
    PRIMARY KEY (MRN, PlanID),
    FOREIGN KEY (MRN, PlanID) REFERENCES Imports (MRN, PlanID)
);
