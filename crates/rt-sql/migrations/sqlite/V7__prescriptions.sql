CREATE TABLE Prescriptions (
    MRN varchar(64) NOT NULL CHECK (length(MRN) <= 64),
    PlanID smallint unsigned NOT NULL,
    Number int NOT NULL,
    Dose_Gy double,
    Source varchar(64) NOT NULL CHECK (length(Source) <= 64),
    Reference mediumtext,
    ROINumber int,
    Chosen tinyint NOT NULL,
    Settled tinyint NOT NULL,
    Conflict tinyint NOT NULL,
    Reason mediumtext,
    PRIMARY KEY (MRN, PlanID, Number),
    FOREIGN KEY (MRN, PlanID) REFERENCES Imports (MRN, PlanID)
);
