CREATE TABLE IF NOT EXISTS PlanStatus (
    MRN varchar(64) NOT NULL,
    PlanID smallint unsigned NOT NULL,
    Approval varchar(64),
    Intent varchar(64),
    Role varchar(64) NOT NULL,
    QA tinyint NOT NULL,
    DoseType varchar(64),
    TotalDoseCheck mediumtext NOT NULL,
    MismatchAccepted tinyint NOT NULL,
    IdentityRemoved tinyint NOT NULL,
    Meterset_MU double,
    TxTime_s double,
    SupersededBy smallint unsigned,
    PRIMARY KEY (MRN, PlanID),
    FOREIGN KEY (MRN, PlanID) REFERENCES Imports (MRN, PlanID)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 /*M!100200 COLLATE=utf8mb4_nopad_bin */ /*!80017 COLLATE=utf8mb4_0900_bin */;
