CREATE TABLE Moves (
    MRN varchar(64) NOT NULL CHECK (length(MRN) <= 64),
    PlanID smallint unsigned NOT NULL,
    ToMRN varchar(64) NOT NULL CHECK (length(ToMRN) <= 64),
    ToPlanID smallint unsigned NOT NULL,
    PRIMARY KEY (MRN, PlanID)
);
